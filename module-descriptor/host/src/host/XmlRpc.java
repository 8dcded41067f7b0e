package host;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * XML-RPC as Apache ws-xmlrpc 3 speaks it without extensions: bare strings, {@code <i4>}, {@code <struct/>}, character
 * references by UTF-16 unit, faults with code 0, and no answer at all where a value has no type.
 */
final class XmlRpc {
    /** A value that cannot be written. */
    static final class Unwritable extends Exception {
        private static final long serialVersionUID = 1;
    }

    private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

    private XmlRpc() {}

    /** Returns a call's method and its arguments. */
    static Map.Entry<String, List<Object>> read(byte[] body) throws IOException {
        try {
            Element call = Xml.read(body);
            List<Object> arguments = new ArrayList<>();
            for (Element params : Xml.children(call, "params")) {
                for (Element param : Xml.children(params, "param")) {
                    arguments.add(value(Xml.child(param, "value")));
                }
            }
            return Map.entry(Xml.text(call, "methodName"), arguments);
        } catch (SAXException | IllegalArgumentException wrong) {
            throw new IOException("Failed to parse XML-RPC request: " + wrong.getMessage());
        }
    }

    static String answer(Object value) throws Unwritable {
        StringBuilder xml = new StringBuilder(DECLARATION).append("<methodResponse><params><param>");
        write(xml, value);
        return xml.append("</param></params></methodResponse>").toString();
    }

    static String fault(String words) {
        StringBuilder xml = new StringBuilder(DECLARATION).append("<methodResponse><fault>");
        Map<String, Object> fault = new LinkedHashMap<>();
        fault.put("faultCode", 0);
        fault.put("faultString", words);
        try {
            write(xml, fault);
        } catch (Unwritable impossible) {
            throw new IllegalStateException(impossible);
        }
        return xml.append("</fault></methodResponse>").toString();
    }

    private static Object value(Element value) {
        List<Element> types = Xml.children(value);
        if (types.isEmpty()) {
            return value.getTextContent();
        }
        Element type = types.get(0);
        String text = type.getTextContent();
        switch (type.getTagName()) {
            case "string":
                return text;
            case "int":
            case "i4":
                return Integer.valueOf(text.trim());
            case "boolean":
                return text.trim().equals("1");
            case "double":
                return Double.valueOf(text.trim());
            case "struct":
                return struct(type);
            case "array":
                List<Object> items = new ArrayList<>();
                Xml.children(Xml.child(type, "data"), "value").forEach(item -> items.add(value(item)));
                return items;
            default:
                throw new IllegalArgumentException("Unknown type: " + type.getTagName());
        }
    }

    private static Map<String, Object> struct(Element struct) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (Element member : Xml.children(struct, "member")) {
            members.put(Xml.text(member, "name"), value(Xml.child(member, "value")));
        }
        return members;
    }

    private static void write(StringBuilder xml, Object value) throws Unwritable {
        xml.append("<value>");
        if (value instanceof String) {
            escape(xml, (String) value);
        } else if (value instanceof Boolean) {
            xml.append("<boolean>").append((Boolean) value ? 1 : 0).append("</boolean>");
        } else if (value instanceof Integer) {
            xml.append("<i4>").append(value).append("</i4>");
        } else if (value instanceof Double) {
            xml.append("<double>").append(value).append("</double>");
        } else if (value instanceof Map && ((Map<?, ?>) value).isEmpty()) {
            xml.append("<struct/>");
        } else if (value instanceof Map) {
            xml.append("<struct>");
            for (Map.Entry<?, ?> member : ((Map<?, ?>) value).entrySet()) {
                xml.append("<member><name>");
                escape(xml, String.valueOf(member.getKey()));
                xml.append("</name>");
                write(xml, member.getValue());
                xml.append("</member>");
            }
            xml.append("</struct>");
        } else {
            throw new Unwritable();
        }
        xml.append("</value>");
    }

    private static void escape(StringBuilder xml, String text) {
        for (char unit : text.toCharArray()) {
            if (unit == '&') {
                xml.append("&amp;");
            } else if (unit == '<') {
                xml.append("&lt;");
            } else if (unit == '>') {
                xml.append("&gt;");
            } else if (unit == '\n' || unit == '\t' || unit >= ' ' && unit <= '~') {
                xml.append(unit);
            } else {
                xml.append("&#").append((int) unit).append(';');
            }
        }
    }
}
