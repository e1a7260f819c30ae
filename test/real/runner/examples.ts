/** Small services in each language, with a dependency and a test, as a team would write them. */

export interface Example {
  name: string;
  /** Programs without which it cannot be tried. */
  needs: string[];
  files: Record<string, string>;
  answer: string;
  tests?: { total: number; passed: number };
  /** An address without which the tool cannot resolve: not every mirror of an index has all of it. */
  asks?: string;
  /** What has no place in the artifact. */
  leftOut: string[];
}

const nodeFiles = (packageManager?: string) => ({
  "package.json": JSON.stringify({
    name: "bakery",
    version: "1.0.0",
    ...(packageManager !== undefined && { packageManager }),
    scripts: { start: "node server.js", test: "node --test" },
    dependencies: { ms: "2.1.3" },
    devDependencies: { "left-pad": "1.3.0" },
  }),
  "server.js": `const ms = require("ms");
require("node:http").createServer((_, response) => response.end("bread " + ms("1s"))).listen(process.env.PORT, "127.0.0.1");\n`,
  "bakery.test.js": `const { test } = require("node:test");
test("it rises", () => { require("ms"); require("left-pad"); });\n`,
});

const node = (name: string, packageManager?: string): Example => ({
  name,
  needs: ["npm"],
  files: nodeFiles(packageManager),
  answer: "bread 1000",
  tests: { total: 1, passed: 1 },
  leftOut: ["node_modules/left-pad"],
});

const pythonService = `import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from markupsafe import escape

class Bread(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(escape("<bread>")).encode())

if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Bread).serve_forever()
`;
const pytest = `from main import Bread

def test_rises():
    assert Bread is not None

def test_browns():
    assert 1 + 1 == 2
`;
const pyproject = (manager: "poetry" | "uv") =>
  manager === "uv"
    ? `[project]
name = "bakery"
version = "1.0.0"
requires-python = ">=3.10"
dependencies = ["markupsafe==3.0.2"]

[dependency-groups]
dev = ["pytest==8.4.2"]

[tool.uv]
package = false
`
    : `[tool.poetry]
name = "bakery"
version = "1.0.0"
description = "Bread"
authors = ["Baker <baker@example.invalid>"]
package-mode = false

[tool.poetry.dependencies]
python = ">=3.10"
markupsafe = "3.0.2"

[tool.poetry.group.dev.dependencies]
pytest = "8.4.2"

[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
`;

const python = (name: string, manifest: Record<string, string>): Example => ({
  name,
  needs: ["python3"],
  files: { ...manifest, "main.py": pythonService, "test_bakery.py": pytest },
  answer: "&lt;bread&gt;",
  tests: { total: 2, passed: 2 },
  leftOut: [".packages-test", ".tools"],
});

const go: Example = {
  name: "Go",
  needs: ["go"],
  files: {
    "go.mod": "module example.com/bakery\n\ngo 1.22\n\nrequire github.com/google/uuid v1.6.0\n",
    "go.sum":
      "github.com/google/uuid v1.6.0 h1:NIvaJDMOsjHA8n1jAhLSgzrAzy1Hgr+hNrb57e+94F0=\ngithub.com/google/uuid v1.6.0/go.mod h1:TIyPZe4MgqvfeYDBFedMoGGpEw/LqOeaOT+nhxU+yHo=\n",
    "main.go": `package main

import (
	"fmt"
	"net/http"
	"os"

	"github.com/google/uuid"
)

func bread() string { return fmt.Sprintf("bread %d", len(uuid.NewString())) }

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, bread()) })
	if err := http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil); err != nil {
		panic(err)
	}
}
`,
    "main_test.go": `package main

import "testing"

func TestBread(t *testing.T) {
	if bread() != "bread 36" {
		t.Fatal(bread())
	}
}
`,
  },
  answer: "bread 36",
  leftOut: [".go"],
};

const maven: Example = {
  name: "Java with Maven",
  needs: ["mvn", "java"],
  files: {
    "pom.xml": `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId><artifactId>bakery</artifactId><version>1.0.0</version><packaging>jar</packaging>
  <properties>
    <maven.compiler.source>17</maven.compiler.source><maven.compiler.target>17</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><version>5.10.2</version><scope>test</scope></dependency>
  </dependencies>
  <build>
    <finalName>bakery</finalName>
    <plugins>
      <plugin><artifactId>maven-surefire-plugin</artifactId><version>3.2.5</version></plugin>
      <plugin>
        <artifactId>maven-jar-plugin</artifactId><version>3.3.0</version>
        <configuration><archive><manifest><mainClass>bakery.Main</mainClass></manifest></archive></configuration>
      </plugin>
    </plugins>
  </build>
</project>
`,
    "src/main/java/bakery/Main.java": `package bakery;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

public class Main {
  static String bread() { return "bread"; }

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(System.getenv("PORT"));
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.createContext("/", exchange -> {
      byte[] body = bread().getBytes();
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
  }
}
`,
    "src/test/java/bakery/MainTest.java": `package bakery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import org.junit.jupiter.api.Test;

class MainTest {
  @Test void rises() { assertEquals("bread", Main.bread()); }
}
`,
  },
  answer: "bread",
  tests: { total: 1, passed: 1 },
  leftOut: [".m2", "target/test-classes/bakery"],
};

export const examples: Example[] = [
  node("npm"),
  node("pnpm", "pnpm@9.15.9"),
  node("yarn", "yarn@1.22.22"),
  python("pip", { "requirements.txt": "markupsafe==3.0.2\n" }),
  {
    ...python("Poetry", { "pyproject.toml": pyproject("poetry") }),
    asks: "https://pypi.org/pypi/markupsafe/3.0.2/json",
  },
  python("uv", { "pyproject.toml": pyproject("uv") }),
  go,
  maven,
];
