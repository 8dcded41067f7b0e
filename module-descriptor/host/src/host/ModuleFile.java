package host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** A .sfm as it is imported: a JAR with a manifest, a descriptor, and classes that lie flat beside it. */
final class ModuleFile {
    final Element descriptor;
    private final Map<String, byte[]> classes = new HashMap<>();

    ModuleFile(Path file) throws IOException, SAXException {
        checkManifest(file);
        Map<String, byte[]> files = new HashMap<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        descriptor = Xml.read(files.get("module-descriptor.xml"));
        files.forEach((name, content) -> {
            if (name.endsWith(".class")) {
                classes.put(name.substring(0, name.length() - ".class".length()), content);
            }
        });
        checkIdentity(file);
    }

    /** Loads the module's classes anew, as every save and import does: nothing static survives. */
    ClassLoader load() {
        return new ClassLoader(ModuleFile.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                byte[] content = classes.get(name);
                if (content == null) {
                    throw new ClassNotFoundException(name);
                }
                return defineClass(name, content, 0, content.length);
            }
        };
    }

    private static void checkManifest(Path file) throws IOException {
        try (JarInputStream jar = new JarInputStream(Files.newInputStream(file))) {
            // Only a manifest that is the first entry is found.
            if (jar.getManifest() == null) {
                throw new IOException("Manifest fehlt!");
            }
        }
    }

    private void checkIdentity(Path file) throws IOException {
        Attributes manifest;
        try (JarInputStream jar = new JarInputStream(Files.newInputStream(file))) {
            manifest = jar.getManifest().getMainAttributes();
        }
        List<String> wrong = new ArrayList<>();
        if (!descriptor.getAttribute("id").equals(manifest.getValue("ObjectId"))) {
            wrong.add("ObjectId");
        }
        if (Integer.parseInt(manifest.getValue("StarfaceModule_SpecVersion")) > 5) {
            wrong.add("StarfaceModule_SpecVersion");
        }
        if (!wrong.isEmpty()) {
            throw new IOException("the manifest has a wrong " + wrong);
        }
    }
}
