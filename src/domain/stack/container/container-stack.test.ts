import { describe, expect, test } from "vitest";
import { inferFrom, refusalFrom } from "../../../../test/support/infer-from.ts";
import { exposedPort, readDockerfile } from "./read-dockerfile.ts";

const infer = (Dockerfile: string) => inferFrom({ Dockerfile });

describe("a module of a Dockerfile alone", () => {
  test("is the image and nothing else", () => {
    const spec = infer(`# syntax=docker/dockerfile:1
ARG BASE=debian:12
FROM golang:1.25 AS build
RUN --mount=type=cache,target=/x \\
    # a comment in between
    go build -o /server
RUN <<EOF
EXPOSE 1
EOF
FROM \${BASE}
ENV PORT=8081 MODE="a b"
COPY --from=build /server /server
EXPOSE $PORT
HEALTHCHECK --interval=5s CMD curl -f http://localhost:\${PORT}/healthz || exit 1
ENTRYPOINT ["/server"]
CMD ["--verbose"]
`);
    expect(spec).toMatchObject({
      runtime: "container",
      runtimeVersion: "debian:12",
      packageManager: "none",
      locked: false,
      start: ["/server", "--verbose"],
      port: 8081,
      portVariable: "PORT",
    });
    expect([spec.build, spec.test, spec.install]).toEqual([undefined, undefined, undefined]);
    expect(spec.probes.readiness.httpGet?.path).toBe("/healthz");
  });

  test.each([
    ['FROM a\nCMD ["x","y"]\n', ["x", "y"]],
    ["FROM a\nCMD x y\n", ["/bin/sh", "-c", "x y"]],
    ['FROM a\nENTRYPOINT x\nCMD ["y"]\n', ["/bin/sh", "-c", "x"]],
    ['FROM a\nCMD ["old"]\nCMD ["new"]\n', ["new"]],
    ['FROM a AS b\nCMD ["build"]\nFROM b\nCMD ["run"]\n', ["run"]],
    ['from a\ncmd ["x"]\n', ["x"]],
    ["FROM a\nCMD [x]\n", ["/bin/sh", "-c", "[x]"]],
  ])("%j starts %j", (text, start) => {
    expect(infer(text).start).toEqual(start);
  });

  test("is locked where each image is named by its digest", () => {
    expect(infer('FROM a@sha256:1 AS b\nFROM b\nCMD ["x"]\n').locked).toBe(true);
    expect(infer('FROM a@sha256:1\nFROM c:1\nCMD ["x"]\n').locked).toBe(false);
  });

  test.each([
    ["", /^Dockerfile: it has no FROM/],
    ["# nothing\n", /^Dockerfile: it has no FROM/],
    ["\nRUN x\nFROM a\n", /^Dockerfile:2: RUN stands before the first FROM/],
    ["FROM a\nRUM x\n", /^Dockerfile:2: "RUM" is no instruction/],
    ["FROM\n", /^Dockerfile:1: FROM names no image/],
    ["FROM a\n", /no way to start: .*neither CMD nor ENTRYPOINT/],
  ])("is refused by its line: %j", (text, message) => {
    expect(refusalFrom({ Dockerfile: text })).toMatchObject({
      code: "ModuleInvalid",
      message: expect.stringMatching(message),
    });
  });
});

test.each([
  ["FROM a\nEXPOSE 80/tcp 81/udp\n", 80],
  ["FROM a\nEXPOSE 80\nEXPOSE 443\n", undefined],
  ["FROM a\nEXPOSE 1\nFROM b\nEXPOSE 2\n", 2],
  ["# escape=`\nFROM a\nEXPOSE `\n  90\n", 90],
  ["FROM a\nEXPOSE 99999\n", undefined],
])("of %j the port is %s", (text, port) => {
  expect(exposedPort(readDockerfile(text))).toBe(port);
});
