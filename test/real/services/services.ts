/** HTTP services from npm that nobody here wrote: two published versions of each, and a way to break the third. */

export interface PublishedService {
  name: string;
  versions: [string, string];
  /** module.yaml, as a person who adopts the service would write it. */
  module: string;
  /** Files beside those of the package. */
  files?: Record<string, string>;
  /** A path through the router, and what its answer must hold. */
  asks: { path: string; holds: string };
  /** How the third version is broken: text put before a file's first line of code, and what the product must say. */
  breaks: { file: string; before: string; says: RegExp };
}

const quick = "periodSeconds: 0.2, failureThreshold: 150";

export const services: PublishedService[] = [
  {
    name: "http-server",
    versions: ["14.1.0", "14.1.1"],
    module: `start: [node, bin/http-server, -a, 127.0.0.1]\ntest: [node, --version]\nprobes:\n  path: /package.json\n  startup: { httpGet: { path: /package.json }, ${quick} }\n`,
    asks: { path: "/package.json", holds: '"http-server"' },
    breaks: {
      file: "bin/http-server",
      before: 'throw new Error("the licence of this server has run out");\n',
      says: /licence of this server has run out|exit code 1/,
    },
  },
  {
    name: "json-server",
    versions: ["0.17.3", "0.17.4"],
    module: `start: [sh, start.sh]\ntest: [node, --version]\nprobes:\n  path: /posts\n  startup: { httpGet: { path: /posts }, ${quick} }\n`,
    files: {
      "start.sh":
        'test -e "$STORAGE_DIR/db.json" || cp seed.json "$STORAGE_DIR/db.json"\nexec node lib/cli/bin.js --host 127.0.0.1 --port "$PORT" "$STORAGE_DIR/db.json"\n',
      "seed.json": '{ "posts": [{ "id": 1, "title": "kept" }] }\n',
    },
    asks: { path: "/posts/1", holds: '"kept"' },
    breaks: {
      file: "start.sh",
      before:
        "exec node -e 'require(\"node:http\").createServer((_, r) => { r.statusCode = 503; r.end(); }).listen(process.env.PORT)'\n",
      says: /503/,
    },
  },
  {
    name: "@stoplight/prism-cli",
    versions: ["5.15.10", "5.15.11"],
    module: `start: [sh, start.sh]\ntest: [node, --version]\nprobes:\n  path: /pets\n  startup: { httpGet: { path: /pets }, ${quick} }\n`,
    files: {
      "start.sh": 'exec node dist/index.js mock --host 127.0.0.1 --port "$PORT" pets.yaml\n',
      "pets.yaml": `openapi: 3.0.3
info: { title: Pets, version: "1" }
paths:
  /pets:
    get:
      responses:
        "200":
          description: all of them
          content: { application/json: { example: [{ name: "Rex" }] } }
`,
    },
    asks: { path: "/pets", holds: "Rex" },
    breaks: { file: "start.sh", before: "exec sleep 600\n", says: /did not listen on port/ },
  },
  {
    name: "peer",
    versions: ["1.0.1", "1.0.2"],
    module: `start: [sh, start.sh]\ntest: [node, --version]\nprobes:\n  path: /\n  startup: { httpGet: { path: / }, ${quick} }\n`,
    files: { "start.sh": 'exec node dist/bin/peerjs.js --port "$PORT"\n' },
    asks: { path: "/", holds: "PeerJS Server" },
    breaks: {
      file: "start.sh",
      before: "(sleep 1.5; kill -9 $$) &\n",
      says: /SIGKILL|started again|crash/,
    },
  },
  {
    name: "maildev",
    versions: ["2.1.0", "2.2.1"],
    module: `start: [node, bin/maildev, --web-ip, 127.0.0.1, --ip, 127.0.0.1, --smtp, "0"]\nportVariable: MAILDEV_WEB_PORT\ntest: [node, --version]\nprobes:\n  path: /healthz\n  startup: { httpGet: { path: /healthz }, ${quick} }\n`,
    asks: { path: "/healthz", holds: "true" },
    breaks: {
      file: "bin/maildev",
      before: "process.exit(17);\n",
      says: /exit code 17/,
    },
  },
];
