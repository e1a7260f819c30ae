/** Java: projects as Maven Central has them. */
import type { CorpusModule } from "../corpus-module.ts";

export const javaModules: CorpusModule[] = [
  {
    name: "maven-archetype-quickstart",
    origin: {
      registry: "Maven",
      kind: "archetype",
      name: "org.apache.maven.archetypes:maven-archetype-quickstart",
      version: "1.5",
      integrity:
        "sha512-cnuVJkusJgTfQWmNrkMgIqc9b2vcds2JdVHisHr6uaFVHe+5aJypyBHzv6DOV/eYPBUl7mplmJW59/1VXVV4+Q==",
    },
    overrides: {
      start: "java -cp target/example-1.0.0.jar com.example.App",
    },
    recognised: {
      id: "example",
      version: "1.0.0",
      stack: "java 17, maven, locked",
      build: "mvn -B -ntp package -DskipTests",
      test: "mvn -B -ntp test",
      start: "java -cp target/example-1.0.0.jar com.example.App",
    },
    tried: {
      tests: {
        passed: 1,
      },
      start: {
        with: [],
        prints: "Hello World!",
      },
    },
  },
  {
    name: "maven-archetype-simple",
    origin: {
      registry: "Maven",
      kind: "archetype",
      name: "org.apache.maven.archetypes:maven-archetype-simple",
      version: "1.4",
      integrity:
        "sha512-/FtwXCuP1qxa9JsIquR9hfIv3z4f7aGeY4oktlHK9QSsf6pK2E6wGEWKrvgTW9EwlARXUtN6p+oyaj5t++J0xA==",
    },
    overrides: {
      start: "java -cp target/example-1.0.0.jar com.example.App",
    },
    recognised: {
      id: "example",
      version: "1.0.0",
      stack: "java 8, maven, locked",
      build: "mvn -B -ntp package -DskipTests",
      test: "mvn -B -ntp test",
      start: "java -cp target/example-1.0.0.jar com.example.App",
    },
    notBuilt: "it asks for Java 7",
  },
  {
    name: "maven-archetype-webapp",
    origin: {
      registry: "Maven",
      kind: "archetype",
      name: "org.apache.maven.archetypes:maven-archetype-webapp",
      version: "1.4",
      integrity:
        "sha512-Bcsc5e8cWt1/l16Bf4tyNXR1aH/kp+sMDOuU8STK8F+kB60emSXB4Te6bUeD7gHct8JzHWMeyejE6p+63QjcUA==",
    },
    refused: {
      code: "ModuleInvalid",
      says: "pom.xml makes no program",
      rightly: "an archive for a servlet container, which is no part of it",
    },
  },
  {
    name: "meecrowave",
    origin: {
      registry: "Maven",
      kind: "sources",
      name: "org.apache.meecrowave:meecrowave",
      version: "1.2.15",
      integrity:
        "sha512-lSmb7icLzckxya0Q2oThuwd4tUSEWhXJCM2PT6ya+izLn5gnyC4MA8Co01WyWPcCrM0HQjpKdDxD/3+SVkBSPQ==",
    },
    overrides: {
      start: "java -jar meecrowave-core/target/meecrowave-core-1.2.15-runner.jar",
    },
    recognised: {
      id: "meecrowave",
      version: "1.2.15",
      stack: "java 8, maven, locked",
      build: "mvn -B -ntp package -DskipTests",
      test: "mvn -B -ntp test",
      start: "java -jar meecrowave-core/target/meecrowave-core-1.2.15-runner.jar",
    },
    notBuilt: "left out for the time that its dependencies take",
  },
  {
    name: "org-apache-sling-feature-launcher",
    origin: {
      registry: "Maven",
      kind: "sources",
      name: "org.apache.sling:org.apache.sling.feature.launcher",
      version: "1.2.0",
      integrity:
        "sha512-ssmOfLcVtGJItfFxwU3//z6fnQ1N2oNoKxGIdlxFJ2w7uSMksZDwHhBf0kkEE0zlMeNUxZRG2nPKaPkbPteidQ==",
    },
    overrides: {
      id: "feature-launcher",
      start: "sh target/appassembler/bin/launcher",
    },
    recognised: {
      id: "feature-launcher",
      version: "1.2.0",
      stack: "java 21, maven, locked",
      build: "mvn -B -ntp package -DskipTests",
      test: "mvn -B -ntp test",
      start: "sh target/appassembler/bin/launcher",
    },
    notBuilt: "left out for the time that its dependencies take",
  },
  {
    name: "ftpserver-parent",
    origin: {
      registry: "Maven",
      kind: "sources",
      name: "org.apache.ftpserver:ftpserver-parent",
      version: "1.2.0",
      integrity:
        "sha512-PEkKlZhKy+v5XjUnfaEsdLUv74rFkkTQOHZ0YOWKDyc5rXHDiicfwF7dOhONC4VoLkmx++Ez7LIH+ubtB779TA==",
    },
    refused: {
      code: "ModuleInvalid",
      says: "pom.xml makes no program",
      rightly: "parts of a server, and none of them starts it alone",
    },
  },
];
