import { generatedBy } from "../generated-mark.ts";
import type { Smoke } from "./smoke-facts.ts";

/** JUnit 5 in a project of its own, so that the module's build needs to know nothing of it. */
export const javaSmoke: Smoke = {
  command: ["mvn", "--batch-mode", "-f", "test/smoke/pom.xml", "test"],
  files: (facts, model) => [
    { path: "test/smoke/pom.xml", content: pom(generatedBy(model)) },
    {
      path: "test/smoke/src/test/java/smoke/SmokeTest.java",
      content: `// ${generatedBy(model)}
package smoke;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Starts the service on a free port and asks whether it is ready: mvn -f test/smoke/pom.xml test */
class SmokeTest {
    private static final List<String> START = List.of(${facts.start.map(quoted).join(", ")});
    private static final List<String> NEEDED = List.of(${facts.variables.map(quoted).join(", ")});
    private static final Map<String, String> FIXED = Map.ofEntries(${Object.entries(facts.environment)
      .map(([name, value]) => `Map.entry(${quoted(name)}, ${quoted(value)})`)
      .join(", ")});
    private static final String READY_PATH = ${quoted(facts.path ?? "")};
    private static final Duration TIMEOUT = Duration.ofSeconds(${facts.timeoutSeconds});

    @Test
    void theServiceStartsAndIsReady() throws Exception {
        for (String name : NEEDED) assumeTrue(System.getenv(name) != null, "not set: " + name);
        int port = freePort();
        Path output = Files.createTempFile("smoke", ".log");
        ProcessBuilder builder = new ProcessBuilder(START)
            .directory(new File("../..").getCanonicalFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
        builder.environment().putAll(FIXED);
        builder.environment().put("HOST", "127.0.0.1");
        builder.environment().put(${quoted(facts.portVariable)}, String.valueOf(port));
        Process service = builder.start();
        try {
            String problem = waitUntilReady(service, port);
            assertNull(problem, () -> problem + "\\n" + read(output));
        } finally {
            service.descendants().forEach(ProcessHandle::destroyForcibly);
            service.destroyForcibly().waitFor();
            Files.deleteIfExists(output);
        }
    }

    private static String waitUntilReady(Process service, int port) throws InterruptedException {
        Instant deadline = Instant.now().plus(TIMEOUT);
        String problem = "no answer";
        while (Instant.now().isBefore(deadline)) {
            if (!service.isAlive()) return "it ended with " + service.exitValue();
            problem = ask(port);
            if (problem == null) return null;
            Thread.sleep(100);
        }
        return "not ready after " + TIMEOUT + ": " + problem;
    }

    private static String ask(int port) throws InterruptedException {
        try {
            if (READY_PATH.isEmpty()) {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress("127.0.0.1", port), 5000);
                    return null;
                }
            }
            URI uri = URI.create("http://127.0.0.1:" + port + READY_PATH);
            HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
            int status = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status >= 200 && status < 300 ? null : uri + " answered " + status;
        } catch (IOException error) {
            return error.toString();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException error) {
            return error.toString();
        }
    }
}
`,
    },
  ],
};

function pom(mark: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- ${mark} -->
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>smoke</groupId>
  <artifactId>smoke</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency>
      <groupId>org.junit.jupiter</groupId>
      <artifactId>junit-jupiter</artifactId>
      <version>5.13.4</version>
      <scope>test</scope>
    </dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>maven-compiler-plugin</artifactId>
        <version>3.14.1</version>
      </plugin>
      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>maven-surefire-plugin</artifactId>
        <version>3.5.4</version>
      </plugin>
    </plugins>
  </build>
</project>
`;
}

/** JSON's string form is one of Java's too. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
