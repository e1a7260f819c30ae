/** Shapes whose tools are rarely on a host, as their starters make them. */
import type { CorpusModule } from "../corpus-module.ts";

export const javaShapes: CorpusModule[] = [
  {
    name: "bakery-gradle",
    origin: {
      registry: "none",
      like: "the Spring Initializr with Gradle",
      files: {
        "settings.gradle": "rootProject.name = 'bakery-gradle'\n",
        "build.gradle": `plugins {
	id 'java'
	id 'org.springframework.boot' version '3.5.4'
	id 'io.spring.dependency-management' version '1.1.7'
}

group = 'com.example'
version = '0.0.1-SNAPSHOT'

java {
	toolchain {
		languageVersion = JavaLanguageVersion.of(21)
	}
}

repositories {
	mavenCentral()
}

dependencies {
	implementation 'org.springframework.boot:spring-boot-starter-actuator'
	implementation 'org.springframework.boot:spring-boot-starter-web'
	testImplementation 'org.springframework.boot:spring-boot-starter-test'
	testRuntimeOnly 'org.junit.platform:junit-platform-launcher'
}

tasks.named('test') {
	useJUnitPlatform()
}
`,
        "src/main/resources/application.properties": "spring.application.name=bakery\n",
        "src/main/java/com/example/bakery/BakeryApplication.java":
          "package com.example.bakery;\n\nimport org.springframework.boot.SpringApplication;\nimport org.springframework.boot.autoconfigure.SpringBootApplication;\n\n@SpringBootApplication\npublic class BakeryApplication {\n\tpublic static void main(String[] args) {\n\t\tSpringApplication.run(BakeryApplication.class, args);\n\t}\n}\n",
        "src/test/java/com/example/bakery/BakeryApplicationTests.java":
          "package com.example.bakery;\n\nimport org.junit.jupiter.api.Test;\nimport org.springframework.boot.test.context.SpringBootTest;\n\n@SpringBootTest\nclass BakeryApplicationTests {\n\t@Test\n\tvoid contextLoads() {\n\t}\n}\n",
      },
    },
    recognised: {
      id: "bakery-gradle",
      version: "0.0.1-SNAPSHOT",
      stack: "java 21, gradle, not locked",
      framework: "spring-boot",
      build: "gradle --no-daemon --console=plain bootJar",
      test: "gradle --no-daemon --console=plain test",
      start: "java -jar build/libs/bakery-gradle-0.0.1-SNAPSHOT.jar",
      port: "SERVER_PORT",
      health: "/actuator/health",
    },
    notBuilt: "Gradle is rarely on a host",
  },
];

export const containerShapes: CorpusModule[] = [
  {
    name: "bakery-site",
    origin: {
      registry: "none",
      like: "a team with a site of plain files",
      files: {
        Dockerfile:
          'FROM nginxinc/nginx-unprivileged:1.29-alpine\nCOPY public /usr/share/nginx/html\nEXPOSE 8080\nHEALTHCHECK CMD wget -qO- http://127.0.0.1:8080/ || exit 1\nCMD ["nginx", "-g", "daemon off;"]\n',
        "public/index.html": "<!doctype html>\n<title>Bakery</title>\n",
      },
    },
    recognised: {
      id: "bakery-site",
      version: "0.0.0",
      stack: "container nginxinc/nginx-unprivileged:1.29-alpine, none, not locked",
      start: "nginx -g daemon off;",
      port: "PORT 8080",
      health: "/",
    },
    notBuilt: "images are not built here",
  },
];
