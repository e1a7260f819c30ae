import { describe, expect, test } from "vitest";
import { type Files, inferFrom, refusalFrom } from "../../../../test/support/infer-from.ts";
import { toolchainOf } from "../stacks.ts";

const pom = (more: string, head = "<artifactId>rooms</artifactId><version>1.2-SNAPSHOT</version>") =>
  `<?xml version="1.0"?>\n<project xmlns="http://maven.apache.org/POM/4.0.0">\n<groupId>acme</groupId>${head}\n${more}\n</project>\n`;
const parent =
  "<parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.4.1</version></parent>";
const plugin = (id: string, more = "") =>
  `<build><plugins><plugin><artifactId>${id}</artifactId>${more}</plugin></plugins></build>`;
const dependency = (group: string, id: string) =>
  `<dependency><groupId>${group}</groupId><artifactId>${id}</artifactId></dependency>`;
const boot = `${parent}<properties><java.version>21</java.version></properties>
<dependencies>${dependency("org.springframework.boot", "spring-boot-starter-actuator")}</dependencies>${plugin("spring-boot-maven-plugin")}`;

describe("a module of Maven", () => {
  test("of Spring Boot is packaged once and asked for its health", () => {
    const files = {
      "pom.xml": pom(boot),
      "src/test/java/AppTest.java": "",
      "src/main/resources/application.properties": "server.port=8085\n",
    };
    const spec = inferFrom(files);
    expect(spec).toMatchObject({
      id: "rooms",
      version: "1.2.0-SNAPSHOT",
      runtime: "java",
      runtimeVersion: "21",
      packageManager: "maven",
      framework: "spring-boot",
      build: ["mvn", "-B", "-ntp", "package", "-DskipTests"],
      test: ["mvn", "-B", "-ntp", "test"],
      start: ["java", "-jar", "target/rooms-1.2-SNAPSHOT.jar"],
      portVariable: "SERVER_PORT",
      port: 8085,
      reports: { junit: ["**/target/surefire-reports/TEST-*.xml"] },
    });
    expect(spec.probes.readiness.httpGet?.path).toBe("/actuator/health");
  });

  test("has no health path without the dependency that answers, or where settings move it", () => {
    const without = pom(boot.replace("-actuator", "-web"));
    expect(inferFrom({ "pom.xml": without }).probes.readiness.httpGet).toBeUndefined();
    const moved = "management:\n  endpoints:\n    web:\n      base-path: /manage\n";
    const files = { "pom.xml": pom(boot), "src/main/resources/application.yml": moved };
    expect(inferFrom(files).probes.readiness.httpGet).toBeUndefined();
  });

  test("uses its wrapper where it has one, whether or not that may be executed", () => {
    expect(inferFrom({ "pom.xml": pom(boot), mvnw: "" }).build?.slice(0, 3)).toEqual(["sh", "./mvnw", "-B"]);
  });

  test.each<[string, string, string]>([
    [
      "finalName",
      pom(
        `<build><finalName>app</finalName><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>`,
      ),
      "target/app.jar",
    ],
    [
      "finalName of properties",
      pom(
        `<properties><n>x</n></properties><build><finalName>\${n}-\${project.version}</finalName><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>`,
      ),
      "target/x-1.2-SNAPSHOT.jar",
    ],
    [
      "war",
      pom(`<packaging>war</packaging>${plugin("spring-boot-maven-plugin")}`),
      "target/rooms-1.2-SNAPSHOT.war",
    ],
    ["Quarkus", pom(plugin("quarkus-maven-plugin")), "target/quarkus-app/quarkus-run.jar"],
    [
      "a main class",
      pom(
        plugin(
          "maven-jar-plugin",
          "<configuration><archive><manifest><mainClass>a.B</mainClass></manifest></archive></configuration>",
        ),
      ),
      "target/rooms-1.2-SNAPSHOT.jar",
    ],
    [
      "the parent's version",
      pom(
        `<parent><groupId>g</groupId><artifactId>p</artifactId><version>3.0.0</version></parent>${plugin("spring-boot-maven-plugin")}`,
        "<artifactId>rooms</artifactId>",
      ),
      "target/rooms-3.0.0.jar",
    ],
  ])("starts the archive that it makes: %s", (_, text, archive) => {
    expect(inferFrom({ "pom.xml": text }).start).toEqual(["java", "-jar", archive]);
  });

  test("of several parts starts the one that is a program", () => {
    const top = pom("<packaging>pom</packaging><modules><module>core</module><module>web</module></modules>");
    const web = pom(
      plugin("spring-boot-maven-plugin"),
      "<parent><groupId>acme</groupId><artifactId>rooms</artifactId><version>2.0</version></parent><artifactId>web</artifactId>",
    );
    const files = {
      "pom.xml": top,
      "core/pom.xml": pom("", "<artifactId>core</artifactId>"),
      "web/pom.xml": web,
    };
    expect(inferFrom(files)).toMatchObject({
      start: ["java", "-jar", "web/target/web-2.0.jar"],
      manifestFiles: ["core/pom.xml", "pom.xml", "web/pom.xml"],
    });
  });

  test.each([
    ["<properties><maven.compiler.release>17</maven.compiler.release></properties>", "17"],
    ["<properties><java.version>1.8</java.version></properties>", "8"],
    ["<properties><maven.compiler.target>16</maven.compiler.target></properties>", "17"],
    [`<properties><v>11</v><maven.compiler.source>\${v}</maven.compiler.source></properties>`, "11"],
    ["", "21"],
  ])("of %s runs on Java %s", (properties, version) => {
    expect(
      inferFrom({ "pom.xml": pom(`${properties}${plugin("spring-boot-maven-plugin")}`) }).runtimeVersion,
    ).toBe(version);
  });

  test("resolves while it builds, so every step may reach registries", () => {
    expect(toolchainOf(inferFrom({ "pom.xml": pom(boot) }))).toMatchObject({
      install: [],
      resolvesLate: true,
    });
  });
});

describe("a module of Gradle", () => {
  const settings = { "settings.gradle": "rootProject.name = 'rooms'\n" };
  test.each<[string, Files, string, string]>([
    [
      "Spring Boot in Groovy",
      {
        "build.gradle": "plugins {\n  id 'org.springframework.boot' version '3.4.1'\n}\nversion = '1.0'\n",
        ...settings,
      },
      "bootJar",
      "java -jar build/libs/rooms-1.0.jar",
    ],
    [
      "Spring Boot in Kotlin",
      {
        "build.gradle.kts": 'plugins { id("org.springframework.boot") version "3.4.1" }\n',
        "settings.gradle.kts": 'rootProject.name = "rooms"\n',
      },
      "bootJar",
      "java -jar build/libs/rooms.jar",
    ],
    [
      "an application",
      { "build.gradle": "plugins {\n  id 'application'\n}\n", ...settings },
      "installDist",
      "build/install/rooms/bin/rooms",
    ],
    [
      "a shadow archive",
      { "build.gradle": "plugins { id 'com.gradleup.shadow' }\nversion '2'\n", ...settings },
      "shadowJar",
      "java -jar build/libs/rooms-2-all.jar",
    ],
    [
      "Quarkus",
      { "build.gradle": "plugins { id 'io.quarkus' }\n" },
      "quarkusBuild",
      "java -jar build/quarkus-app/quarkus-run.jar",
    ],
  ])("%s", (_, files, task, start) => {
    const spec = inferFrom(files);
    expect(spec).toMatchObject({
      packageManager: "gradle",
      build: ["gradle", "--no-daemon", "--console=plain", task],
    });
    expect(spec.start.join(" ")).toBe(start);
  });

  test("says its version of Java, its framework and health in plain words", () => {
    const build = `plugins { id("io.micronaut.application") }\njava { toolchain { languageVersion = JavaLanguageVersion.of(17) } }
dependencies { implementation("io.micronaut:micronaut-management") // http://x\n}\n`;
    const spec = inferFrom({ "build.gradle.kts": build, ...settings, gradlew: "" });
    expect(spec).toMatchObject({
      runtimeVersion: "17",
      framework: "micronaut",
      portVariable: "MICRONAUT_SERVER_PORT",
    });
    expect(spec.probes.readiness.httpGet?.path).toBe("/health");
    expect(spec.build?.slice(0, 2)).toEqual(["sh", "./gradlew"]);
  });

  test("needs a name in plain words", () => {
    expect(refusalFrom({ "build.gradle": "plugins { id 'application' }\n" }).message).toContain(
      "rootProject.name",
    );
  });
});

describe("refusals of a Java module", () => {
  test.each<[Files, RegExp]>([
    [{ "pom.xml": "<project>\n<artifactId>a</artifact>\n</project>" }, /^pom\.xml:2: /],
    [{ "pom.xml": "<html></html>" }, /^pom\.xml: expected <project> at its top/],
    [{ "build.gradle": "plugins {\n" }, /^build\.gradle:1: the block that opens here is never closed/],
    [{ "build.gradle": "a {\n}\n}\n" }, /^build\.gradle:3: a block is closed that was never opened/],
    [{ "pom.xml": pom(boot), "build.gradle": "" }, /pom\.xml and build\.gradle are both there/],
    [{ "pom.xml": pom("") }, /no way to start: .*pom\.xml makes no program/],
  ])("%j", (files, message) => {
    expect(refusalFrom(files)).toMatchObject({
      code: "ModuleInvalid",
      message: expect.stringMatching(message),
      next: expect.any(String),
    });
  });

  test("none where module.yaml chooses", () => {
    const files = { "pom.xml": pom(boot), "build.gradle": "", "module.yaml": "packageManager: maven\n" };
    expect(inferFrom(files).packageManager).toBe("maven");
  });
});
