/**
 * Programs that pipelines run beside the module's own. Images by digest, so that every platform runs the same bytes;
 * to renew one, read the project's releases and take the digest of the index over all platforms for the new tag.
 */
import type { PinnedImage } from "./images.ts";

export const pinnedTools = {
  /** Secrets and known vulnerabilities. Versions 0.69.4 to 0.69.6 were published by an attacker: never go there. */
  trivy: {
    name: "docker.io/aquasec/trivy",
    tag: "0.70.0",
    digest: "sha256:be1190afcb28352bfddc4ddeb71470835d16462af68d310f9f4bca710961a41e",
  },
  helm: {
    name: "docker.io/alpine/helm",
    tag: "3.18.4",
    digest: "sha256:e7ecbf4a200dea73d64bfb8cb0936829164945f2b4d02a0274093073ee8d264f",
  },
  /** Client and daemon in one image. */
  docker: {
    name: "docker.io/library/docker",
    tag: "28-dind",
    digest: "sha256:2a232a42256f70d78e3cc5d2b5d6b3276710a0de0596c145f627ecfae90282ac",
  },
} satisfies Record<string, PinnedImage>;
