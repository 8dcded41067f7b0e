package host;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/** The PBX's HTTP: checks the token of the log-in, reads calls, writes answers. */
final class Web {
    private static final String LOGIN_PAGE = "<!DOCTYPE html><html><head><title>STARFACE</title></head></html>";

    private final Site site;
    private final String token;
    private final HttpServer server;

    Web(Site site, String login, String password) throws IOException {
        this.site = site;
        token = login + ":" + sha512(login + "*" + sha512(password));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/xml-rpc", this::receive);
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void receive(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (!exchange.getRequestMethod().equals("POST")) {
            send(exchange, 405, "text/html", "");
        } else if (!isLoggedIn(exchange.getRequestURI().getRawQuery())) {
            send(exchange, 200, "text/html;charset=UTF-8", LOGIN_PAGE);
        } else {
            exchange.getResponseHeaders().add("Set-Cookie", "JSESSIONID=51A0C0FFEE; Path=/; HttpOnly");
            send(exchange, 200, "text/xml", answer(body));
        }
    }

    private String answer(byte[] body) {
        try {
            Map.Entry<String, List<Object>> call = XmlRpc.read(body);
            List<Object> arguments = call.getValue();
            if (arguments.size() != 1 || !(arguments.get(0) instanceof Map)) {
                return XmlRpc.fault("exactly one struct is expected");
            }
            Map<String, Object> results = site.call(call.getKey(), (Map<?, ?>) arguments.get(0));
            return results == null ? XmlRpc.fault("No such handler: " + call.getKey()) : XmlRpc.answer(results);
        } catch (XmlRpc.Unwritable unwritable) {
            // The exception is in the PBX's log only.
            return "";
        } catch (Exception failed) {
            return XmlRpc.fault(String.valueOf(failed.getMessage()));
        }
    }

    private boolean isLoggedIn(String query) {
        for (String parameter : query == null ? new String[0] : query.split("&")) {
            String[] parts = parameter.split("=", 2);
            if (parts[0].equals("de.vertico.starface.auth") && parts.length == 2) {
                return URLDecoder.decode(parts[1], StandardCharsets.UTF_8).equals(token);
            }
        }
        return false;
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String sha512(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-512").digest(text.getBytes(StandardCharsets.UTF_8));
            return String.format("%0128x", new BigInteger(1, digest));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
