import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs module-descriptor.xml and the compiled classes into a .sfm: a JAR whose manifest is its first entry. The same
 * files give the same bytes. Run as: java Pack.java DESCRIPTOR CLASSES OUTPUT_FOLDER [without-call]
 */
final class Pack {
    /** What every STARFACE module file says of its form. */
    private static final String SPEC_VERSION = "5";

    /** Java 8, the newest that STARFACE 7 to 10 all load. */
    private static final int CLASS_MAJOR = 52;

    /** Marks the first entry of a JAR. */
    private static final byte[] JAR_MARKER = {(byte) 0xFE, (byte) 0xCA, 0, 0};

    private final Path classes;
    private final String descriptor;
    private final Instant changedAt;

    private Pack(Path descriptor, Path classes) throws IOException {
        this.classes = classes;
        String made = Files.readString(descriptor);
        checkHashes(made);
        String epoch = System.getenv("SOURCE_DATE_EPOCH");
        if (epoch == null || epoch.isEmpty()) {
            this.descriptor = made;
            changedAt = Instant.ofEpochMilli(Long.parseLong(attribute(made, "lastChangedTime")));
        } else {
            changedAt = Instant.ofEpochSecond(seconds(epoch));
            this.descriptor = dated(made, String.valueOf(changedAt.toEpochMilli()));
        }
    }

    public static void main(String[] arguments) throws IOException {
        boolean withoutCall = arguments.length == 4 && arguments[3].equals("without-call");
        if (arguments.length != 3 && !withoutCall) {
            fail("usage: java Pack.java DESCRIPTOR CLASSES OUTPUT_FOLDER [without-call]");
        }
        Pack pack = new Pack(Path.of(arguments[0]), Path.of(arguments[1]));
        Path folder = Path.of(arguments[2]);
        System.out.println(withoutCall ? pack.write(folder, "-without-call", pack.withoutCall()) : pack.write(folder));
    }

    private Path write(Path folder) throws IOException {
        return write(folder, "", descriptor);
    }

    private Path write(Path folder, String suffix, String descriptor) throws IOException {
        String name = attribute(descriptor, "name").replace(' ', '-');
        Path file = folder.resolve(name + "_v" + attribute(descriptor, "version") + suffix + ".sfm");
        TreeMap<String, byte[]> classFiles = classFiles();
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            zip.setLevel(9);
            add(zip, "META-INF/MANIFEST.MF", manifest().getBytes(StandardCharsets.UTF_8), JAR_MARKER);
            add(zip, "module-descriptor.xml", descriptor.getBytes(StandardCharsets.UTF_8), null);
            for (String className : classFiles.keySet()) {
                add(zip, className, classFiles.get(className), null);
            }
        }
        return file;
    }

    private void add(ZipOutputStream zip, String name, byte[] content, byte[] extra) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        // In no time zone: the machine's own must not change the bytes.
        entry.setTimeLocal(LocalDateTime.ofInstant(changedAt, ZoneOffset.UTC));
        if (extra != null) {
            entry.setExtra(extra);
        }
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private String manifest() {
        String createdAt = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx")
                .format(OffsetDateTime.ofInstant(changedAt, ZoneOffset.UTC));
        List<String> lines = List.of(
                "Manifest-Version: 1.0",
                "ObjectId: " + attribute(descriptor, "id"),
                "StarfaceModule_SpecVersion: " + SPEC_VERSION,
                "Created-By: " + element(descriptor, "createdWith").replace("STARFACE ", "STARFACE Version "),
                "Create-Date: " + createdAt);
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    /** Returns the classes, which lie flat, and holds them against what the descriptor names. */
    private TreeMap<String, byte[]> classFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> found = Files.walk(classes)) {
            found.filter(Files::isRegularFile).forEach(files::add);
        }
        TreeMap<String, byte[]> byName = new TreeMap<>();
        for (Path file : files) {
            String name = classes.relativize(file).toString();
            byte[] content = Files.readAllBytes(file);
            if (!name.endsWith(".class") || name.contains("/") || name.contains("\\")) {
                fail(name + " is not a class of the module's own");
            }
            int major = (content[6] & 0xFF) << 8 | content[7] & 0xFF;
            if (major != CLASS_MAJOR) {
                fail(name + " has class version " + major + ", which not every STARFACE loads; compile with --release 8");
            }
            byName.put(name, content);
        }
        Matcher named = Pattern.compile("<implementationFile>([^<]+)</implementationFile>").matcher(descriptor);
        while (named.find()) {
            if (!byName.containsKey(named.group(1))) {
                fail("the descriptor names " + named.group(1) + ", which is not there");
            }
        }
        return byName;
    }

    /** The two hashes without which STARFACE does not start an instance, or does not let the module be edited. */
    private static void checkHashes(String descriptor) {
        String id = attribute(descriptor, "id");
        String changedAt = attribute(descriptor, "lastChangedTime");
        if (!element(descriptor, "noLicenseId").equals(sha1(id + changedAt + "STARFACE"))) {
            fail("noLicenseId does not fit id and lastChangedTime; run generate.py");
        }
        if (!element(descriptor, "writeHash").equals(sha1(id))) {
            fail("writeHash does not fit id; run generate.py");
        }
    }

    /** Returns the descriptor without a telephone number of its own, which not every version may be able to import. */
    private String withoutCall() {
        Pattern call = Pattern.compile("\\s*<agiServiceEntryPoint .*?</agiServiceEntryPoint>", Pattern.DOTALL);
        Matcher matcher = call.matcher(descriptor);
        if (!matcher.find()) {
            fail("the descriptor has no entry point for calls");
        }
        return matcher.replaceFirst("");
    }

    private static String dated(String descriptor, String changedAt) {
        String license = sha1(attribute(descriptor, "id") + changedAt + "STARFACE");
        return descriptor
                .replaceFirst("lastChangedTime=\"\\d+\"", "lastChangedTime=\"" + changedAt + "\"")
                .replaceFirst("<noLicenseId>[^<]*<", "<noLicenseId>" + license + "<");
    }

    private static long seconds(String epoch) {
        // A zip entry can be no older than 1980.
        if (!epoch.matches("\\d{1,11}") || Long.parseLong(epoch) < 315_532_800) {
            fail("SOURCE_DATE_EPOCH must be seconds since 1970, not before 1980, not: " + epoch);
        }
        return Long.parseLong(epoch);
    }

    private static String attribute(String descriptor, String name) {
        String module = find(descriptor, "(<module [^>]*>)", "the element module");
        return find(module, " " + name + "=\"([^\"]+)\"", "the module's attribute " + name);
    }

    private static String element(String descriptor, String name) {
        return find(descriptor, "<" + name + ">([^<]+)</" + name + ">", "the element " + name);
    }

    private static String find(String text, String pattern, String what) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            fail("the descriptor lacks " + what);
        }
        return matcher.group(1);
    }

    private static String sha1(String text) {
        try {
            StringBuilder hex = new StringBuilder();
            for (byte one : MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8))) {
                hex.append(String.format("%02x", one));
            }
            return hex.toString();
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-1", impossible);
        }
    }

    private static void fail(String words) {
        System.err.println("Pack: " + words);
        System.exit(1);
    }
}
