import { generatedBy } from "../generated-mark.ts";
import type { Smoke } from "./smoke-facts.ts";

/**
 * xUnit in a project of its own. The module's project takes in every .cs file below it, so that this one is empty
 * unless its own project says SMOKE_TEST.
 */
export const dotnetSmoke: Smoke = {
  command: ["dotnet", "test", "test/smoke/Smoke.csproj"],
  files: (facts, model) => [
    { path: "test/smoke/Smoke.csproj", content: project(generatedBy(model), model.runtime.version) },
    {
      path: "test/smoke/SmokeTest.cs",
      content: `// ${generatedBy(model)}
#if SMOKE_TEST
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Xunit;

/// <summary>Starts the service on a free port and asks whether it is ready: dotnet test test/smoke/Smoke.csproj</summary>
public class SmokeTest
{
    private static readonly string[] Start = [${facts.start.map(quoted).join(", ")}];
    private static readonly string[] Needed = [${facts.variables.map(quoted).join(", ")}];
    private static readonly Dictionary<string, string> Fixed = new()
    {
${Object.entries(facts.environment)
  .map(([name, value]) => `        [${quoted(name)}] = ${quoted(value)},\n`)
  .join("")}    };
    private const string ReadyPath = ${quoted(facts.path ?? "")};
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(${facts.timeoutSeconds});

    [Fact]
    public async Task TheServiceStartsAndIsReady()
    {
        var missing = Needed.Where(name => Environment.GetEnvironmentVariable(name) is null).ToArray();
        if (missing.Length > 0)
        {
            Console.WriteLine($"skipped, not set: {string.Join(", ", missing)}");
            return;
        }
        var port = FreePort();
        var start = new ProcessStartInfo(Start[0]) { WorkingDirectory = ModuleFolder(), UseShellExecute = false };
        foreach (var word in Start.Skip(1)) start.ArgumentList.Add(word);
        foreach (var (name, value) in Fixed) start.Environment[name] = value;
        start.Environment["HOST"] = "127.0.0.1";
        start.Environment[${quoted(facts.portVariable)}] = port.ToString();
        using var service = Process.Start(start) ?? throw new InvalidOperationException("it did not start");
        try
        {
            Assert.Equal("ready", await WaitUntilReady(service, port));
        }
        finally
        {
            service.Kill(entireProcessTree: true);
            await service.WaitForExitAsync();
        }
    }

    private static async Task<string> WaitUntilReady(Process service, int port)
    {
        var watch = Stopwatch.StartNew();
        var last = "no answer";
        while (watch.Elapsed < Timeout)
        {
            if (service.HasExited) return $"it ended with {service.ExitCode}";
            last = await Ask(port);
            if (last == "ready") return last;
            await Task.Delay(100);
        }
        return $"not ready after {Timeout}: {last}";
    }

    private static async Task<string> Ask(int port)
    {
        try
        {
            if (ReadyPath == "")
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return "ready";
            }
            using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false };
            using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(5) };
            using var answer = await client.GetAsync($"http://127.0.0.1:{port}{ReadyPath}");
            return answer.IsSuccessStatusCode ? "ready" : $"{ReadyPath} answered {(int)answer.StatusCode}";
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or TaskCanceledException)
        {
            return error.Message;
        }
    }

    private static int FreePort()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }

    private static string ModuleFolder([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file) ?? ".", "..", ".."));
}
#endif
`,
    },
  ],
};

function project(mark: string, version: string): string {
  return `<!-- ${mark} -->
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net${version.includes(".") ? version : `${version}.0`}</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
    <DefineConstants>$(DefineConstants);SMOKE_TEST</DefineConstants>
    <IsPackable>false</IsPackable>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.NET.Test.Sdk" Version="17.*" />
    <PackageReference Include="xunit" Version="2.*" />
    <PackageReference Include="xunit.runner.visualstudio" Version="2.*" />
  </ItemGroup>
</Project>
`;
}

/** JSON's string form is one of C#'s too. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
