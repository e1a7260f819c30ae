import { describe, expect, test } from "vitest";
import { type Files, inferFrom, refusalFrom } from "../../../../test/support/infer-from.ts";
import { toolchainOf } from "../stacks.ts";

const project = (properties: string, { sdk = "Microsoft.NET.Sdk.Web", items = "" } = {}) =>
  `<Project Sdk="${sdk}">\n  <PropertyGroup>\n${properties}\n  </PropertyGroup>\n  <ItemGroup>${items}</ItemGroup>\n</Project>\n`;
const net10 = "<TargetFramework>net10.0</TargetFramework>";
const reference = (name: string) => `<PackageReference Include="${name}" Version="1.0.0" />`;
const tests = (more = "") =>
  project(net10, { sdk: "Microsoft.NET.Sdk", items: reference("Microsoft.NET.Test.Sdk") + more });

describe("a .NET module", () => {
  test("of one web project is published into out", () => {
    expect(
      inferFrom({ "rooms.csproj": project(`${net10}<Version>1.4.0</Version>`), "appsettings.json": "{}" }),
    ).toMatchObject({
      id: "rooms",
      version: "1.4.0",
      runtime: "dotnet",
      runtimeVersion: "10.0",
      framework: "aspnetcore",
      locked: false,
      build: ["dotnet", "publish", "rooms.csproj", "-c", "Release", "-o", "out", "--no-restore"],
      start: ["dotnet", "out/rooms.dll"],
      portVariable: "ASPNETCORE_HTTP_PORTS",
    });
  });

  test("of a solution publishes its web project and tests what tests", () => {
    const files = {
      "Rooms.sln": "",
      "src/Rooms.Api/Rooms.Api.csproj": project("<AssemblyName>rooms-api</AssemblyName>"),
      "src/Rooms.Core/Rooms.Core.csproj": project("", { sdk: "Microsoft.NET.Sdk" }),
      "tests/Rooms.Tests/Rooms.Tests.csproj": tests(
        reference("coverlet.collector") + reference("JunitXml.TestLogger"),
      ),
      "Directory.Build.props":
        "<Project><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>",
      "src/Rooms.Api/packages.lock.json": "{}",
      "src/Rooms.Api/appsettings.json": '{ "Urls": "http://*:5080" }',
    };
    const spec = inferFrom(files);
    expect(spec).toMatchObject({
      id: "rooms-api",
      runtimeVersion: "8.0",
      locked: true,
      port: 5080,
      start: ["dotnet", "out/rooms-api.dll"],
      test: [
        "dotnet",
        "test",
        "Rooms.sln",
        "-c",
        "Release",
        "--no-restore",
        "--logger",
        "junit",
        "--collect",
        "XPlat Code Coverage",
      ],
      reports: { coverage: { format: "cobertura", path: "**/TestResults/*/coverage.cobertura.xml" } },
      environment: { ASPNETCORE_CONTENTROOT: "." },
    });
    expect(toolchainOf(spec).install[0]?.run).toEqual(["dotnet", "restore", "Rooms.sln", "--locked-mode"]);
    expect(toolchainOf(spec).leavesOut("src/Rooms.Api/obj/project.assets.json")).toBe(true);
  });

  test("of a worker is a program without a port of its own", () => {
    const spec = inferFrom({ "Worker.csproj": project(net10, { sdk: "Microsoft.NET.Sdk.Worker" }) });
    expect(spec).toMatchObject({ start: ["dotnet", "out/Worker.dll"], portVariable: "PORT" });
    expect(spec.framework).toBeUndefined();
  });

  test("has no report of its tests where they have no logger for it", () => {
    expect(
      inferFrom({ "a.csproj": project(net10), "a.Tests/a.Tests.csproj": tests() }).reports,
    ).toBeUndefined();
  });

  test.each([
    ["<TargetFrameworks>net8.0;net9.0</TargetFrameworks>", "9.0"],
    ["<TargetFramework>net9.0-windows</TargetFramework>", "9.0"],
    ["", "10.0"],
  ])("of %s runs on .NET %s", (properties, version) => {
    expect(inferFrom({ "a.csproj": project(properties) }).runtimeVersion).toBe(version);
  });

  test.each<[Files, RegExp]>([
    [{ "a.csproj": "<Project>\n<PropertyGroup>\n</Project>" }, /^a\.csproj:3: /],
    [{ "a.csproj": "<Other/>" }, /^a\.csproj: expected <Project> at its top/],
    [
      { "a.csproj": project("<TargetFramework>net6.0</TargetFramework>") },
      /TargetFramework in a\.csproj asks for "net6\.0"; .*8\.0, 9\.0, 10\.0/,
    ],
    [{ "a.csproj": project(net10, { sdk: "Microsoft.NET.Sdk" }) }, /no project is a program/],
    [
      { "A.sln": "", "a/a.csproj": project(net10), "b/b.csproj": project(net10) },
      /a\/a\.csproj, b\/b\.csproj are all programs/,
    ],
    [{ "src/a.csproj": project(net10) }, /src\/a\.csproj is there/],
  ])("is refused: %j", (files, message) => {
    expect(refusalFrom(files)).toMatchObject({
      code: "ModuleInvalid",
      message: expect.stringMatching(message),
      next: expect.any(String),
    });
  });
});
