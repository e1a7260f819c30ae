/** Modules of nothing but a Dockerfile. */
import type { CorpusModule } from "../corpus-module.ts";

export const containerModules: CorpusModule[] = [
  {
    name: "podinfo",
    origin: {
      registry: "Go",
      name: "github.com/stefanprodan/podinfo",
      version: "v1.8.0",
      integrity: "h1:ttF1XyMhUYsILqvCrV18K511vEPbTlBJMTay2B/R/VU=",
    },
    recognised: {
      id: "podinfo",
      version: "0.0.0",
      stack: "container alpine:3.7, none, not locked",
      start: "./podinfo",
    },
    notBuilt: "images are not built here",
  },
];
