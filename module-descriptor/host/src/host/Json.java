package host;

import java.util.List;
import java.util.Map;

/** Writes maps, lists, texts, numbers and booleans as JSON in ASCII. */
final class Json {
    private Json() {}

    static String of(Object value) {
        StringBuilder json = new StringBuilder();
        write(json, value);
        return json.toString();
    }

    private static void write(StringBuilder json, Object value) {
        if (value instanceof Map) {
            String separator = "";
            json.append('{');
            for (Map.Entry<?, ?> member : ((Map<?, ?>) value).entrySet()) {
                json.append(separator);
                writeText(json, String.valueOf(member.getKey()));
                json.append(':');
                write(json, member.getValue());
                separator = ",";
            }
            json.append('}');
        } else if (value instanceof List) {
            String separator = "";
            json.append('[');
            for (Object item : (List<?>) value) {
                json.append(separator);
                write(json, item);
                separator = ",";
            }
            json.append(']');
        } else if (value instanceof String) {
            writeText(json, (String) value);
        } else {
            json.append(value);
        }
    }

    private static void writeText(StringBuilder json, String text) {
        json.append('"');
        for (char unit : text.toCharArray()) {
            if (unit == '"' || unit == '\\') {
                json.append('\\').append(unit);
            } else if (unit >= ' ' && unit <= '~') {
                json.append(unit);
            } else {
                json.append(String.format("\\u%04x", (int) unit));
            }
        }
        json.append('"');
    }
}
