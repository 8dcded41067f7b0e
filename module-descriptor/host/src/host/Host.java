package host;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Runs the packed module in a stand-in for a PBX, on a free loopback port that it prints first. Then it obeys one
 * command per line (see {@link Console}), answers each with one line, and ends when there are no more.
 *
 * <p>Run as: java -jar starface-10.jar MODULE.sfm INSTANCE LOGIN PASSWORD
 */
public final class Host {
    private Host() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 4) {
            System.err.println("usage: java -jar starface-10.jar MODULE.sfm INSTANCE LOGIN PASSWORD");
            System.exit(2);
        }
        Site site = new Site(new ModuleFile(Path.of(arguments[0])), arguments[1]);
        Web web = new Web(site, arguments[2], arguments[3]);
        Console console = new Console(site);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println(web.port());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(console.obey(line));
        }
        System.exit(0);
    }
}
