/** Go: modules as the module proxy packs them. */
import type { CorpusModule } from "../corpus-module.ts";

export const goModules: CorpusModule[] = [
  {
    name: "hey",
    origin: {
      registry: "Go",
      name: "github.com/rakyll/hey",
      version: "v0.1.4",
      integrity: "h1:hhc8GIqHN4+rPFZvkM9lkCQGi7da0sINM83xxpFkbPA=",
    },
    recognised: {
      id: "hey",
      version: "0.0.0",
      stack: "go 1.26, go, locked",
      build: "go build -trimpath -o bin/hey .",
      test: "go test -v ./...",
      start: "./bin/hey",
    },
    tried: {
      tests: "pass",
      start: {
        with: [],
        exitCode: 1,
        prints: "Usage: hey",
      },
    },
  },
  {
    name: "go-httpbin",
    origin: {
      registry: "Go",
      name: "github.com/mccutchen/go-httpbin/v2",
      version: "v2.15.0",
      integrity: "h1:3b2s8LMRR2aFd+8U+1Bx2kdgHNQ5ZQkQOiW8e52Jj9A=",
    },
    recognised: {
      id: "go-httpbin",
      version: "0.0.0",
      stack: "go 1.26, go, locked",
      build: "go build -trimpath -o bin/go-httpbin ./cmd/go-httpbin",
      test: "go test -v ./...",
      start: "./bin/go-httpbin",
      port: "PORT 8080",
    },
    tried: {
      tests: {
        notTried: "some of them measure time, and fail on a busy machine",
      },
      start: {
        asks: "/get?bread=rye",
        contains: '"rye"',
      },
    },
  },
  {
    name: "http-echo",
    origin: {
      registry: "Go",
      name: "github.com/hashicorp/http-echo",
      version: "v1.0.0",
      integrity: "h1:89/jSHhCJH92B1lRc5yyhYU9zpjU3gJUT0KqYHtC35I=",
    },
    recognised: {
      id: "http-echo",
      version: "0.0.0",
      stack: "go 1.26, go, locked",
      build: "go build -trimpath -o bin/http-echo .",
      start: "./bin/http-echo",
      port: "PORT 5678",
    },
    tried: {
      start: {
        with: ["-version"],
        prints: "http-echo",
      },
    },
  },
  {
    name: "mkcert",
    origin: {
      registry: "Go",
      name: "filippo.io/mkcert",
      version: "v1.4.4",
      integrity: "h1:8eVbbwfVlaqUM7OwuftKc2nuYOoTDQWqsoXmzoXZdbc=",
    },
    recognised: {
      id: "mkcert",
      version: "0.0.0",
      stack: "go 1.26, go, locked",
      build: "go build -trimpath -o bin/mkcert .",
      start: "./bin/mkcert",
    },
    tried: {
      start: {
        with: ["-help"],
        prints: "mkcert",
      },
    },
  },
  {
    name: "chisel",
    origin: {
      registry: "Go",
      name: "github.com/jpillora/chisel",
      version: "v1.10.1",
      integrity: "h1:ChdZHd/2BG8RBoNbBy+1xfp0kAMea8vXHz2T25UB/88=",
    },
    recognised: {
      id: "chisel",
      version: "0.0.0",
      stack: "go 1.26, go, locked",
      build: "go build -trimpath -o bin/chisel .",
      test: "go test -v ./...",
      start: "./bin/chisel",
    },
    notBuilt: "left out for the time that compiling it takes",
  },
  {
    name: "age",
    origin: {
      registry: "Go",
      name: "filippo.io/age",
      version: "v1.2.0",
      integrity: "h1:vRDp7pUMaAJzXNIWJVAZnEf/Dyi4Vu4wI8S1LBzufhE=",
    },
    recognised: {
      id: "age",
      version: "0.0.0",
      stack: "go 1.26, go, locked",
      build: "go build -trimpath -o bin/age ./cmd/age",
      test: "go test -v ./...",
      start: "./bin/age",
    },
    notBuilt: "left out for the time that compiling it takes",
  },
  {
    name: "vegeta",
    origin: {
      registry: "Go",
      name: "github.com/tsenart/vegeta/v12",
      version: "v12.12.0",
      integrity: "h1:FKMMNomd3auAElO/TtbXzRFXAKGee6N/GKCGweFVm2U=",
    },
    recognised: {
      id: "vegeta",
      version: "0.0.0",
      stack: "go 1.26, go, locked",
      build: "go build -trimpath -o bin/vegeta .",
      test: "go test -v ./...",
      start: "./bin/vegeta",
    },
    notBuilt: "left out for the time that compiling it takes",
  },
  {
    name: "goose",
    origin: {
      registry: "Go",
      name: "github.com/pressly/goose/v3",
      version: "v3.22.1",
      integrity: "h1:2zICEfr1O3yTP9BRZMGPj7qFxQ+ik6yeo+z1LMuioLc=",
    },
    recognised: {
      id: "goose",
      version: "0.0.0",
      stack: "go 1.26, go, locked",
      framework: "grpc",
      build: "go build -trimpath -o bin/goose ./cmd/goose",
      test: "go test -v ./...",
      start: "./bin/goose",
    },
    notBuilt: "left out for the time that compiling it takes",
  },
  {
    name: "pprof",
    origin: {
      registry: "Go",
      name: "github.com/google/pprof",
      version: "v0.0.0-20260906184651-6331bc6350fe",
      integrity: "h1:QAinXoAFJdGQYztXn3VpFey7KCwpedbZ/EkzbplQ0cY=",
    },
    recognised: {
      id: "pprof",
      version: "0.0.0",
      stack: "go 1.26, go, locked",
      build: "go build -trimpath -o bin/pprof .",
      test: "go test -v ./...",
      start: "./bin/pprof",
    },
    notBuilt: "its tests run a script that Go's archive packs without its executable bit",
  },
  {
    name: "caddy",
    origin: {
      registry: "Go",
      name: "github.com/caddyserver/caddy/v2",
      version: "v2.8.4",
      integrity: "h1:q3pe0wpBj1OcHFZ3n/1nl4V4bxBrYoSoab7rL9BMYNk=",
    },
    recognised: {
      id: "caddy",
      version: "0.0.0",
      stack: "go 1.26, go, locked",
      framework: "chi",
      build: "go build -trimpath -o bin/caddy ./cmd/caddy",
      test: "go test -v ./...",
      start: "./bin/caddy",
    },
    notBuilt: "left out for the time that compiling it takes",
  },
  {
    name: "gin",
    origin: {
      registry: "Go",
      name: "github.com/gin-gonic/gin",
      version: "v1.10.0",
      integrity: "h1:nTuyha1TYqgedzytsKYqna+DfLos46nTv2ygFy86HFU=",
    },
    refused: {
      code: "ModuleInvalid",
      says: "no package main",
      rightly: "a library: nothing in it runs",
    },
  },
  {
    name: "blackbox_exporter",
    origin: {
      registry: "Go",
      name: "github.com/prometheus/blackbox_exporter",
      version: "v0.25.0",
      integrity: "h1:cInPsiPsILpwYbir9A9cwJ8pjcf4/cGOuGR0BstQtuc=",
    },
    refused: {
      code: "ModuleInvalid",
      says: 'moduleId: "blackbox_exporter"',
      rightly: "an underscore has no place in host names; a name is given at hand-over",
    },
  },
];
