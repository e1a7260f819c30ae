/** .NET: projects as the templates of its SDK make them. */
import type { CorpusModule } from "../corpus-module.ts";

const noSdk = "shapes only: packages of .NET are not fetched here";

const project = (sdk: string, properties: string, items = "") =>
  `<Project Sdk="${sdk}">\n\n  <PropertyGroup>\n${properties}  </PropertyGroup>\n${items}\n</Project>\n`;

const usual = `    <TargetFramework>net9.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
`;

const launchSettings = (port: number) =>
  JSON.stringify(
    {
      $schema: "https://json.schemastore.org/launchsettings.json",
      profiles: {
        http: {
          commandName: "Project",
          dotnetRunMessages: true,
          launchBrowser: false,
          applicationUrl: `http://localhost:${port}`,
          environmentVariables: { ASPNETCORE_ENVIRONMENT: "Development" },
        },
      },
    },
    null,
    2,
  );

const appsettings = `{
  "Logging": { "LogLevel": { "Default": "Information", "Microsoft.AspNetCore": "Warning" } },
  "AllowedHosts": "*"
}
`;

const webProgram = `var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();

app.MapGet("/", () => "Hello World!");

app.Run();
`;

const apiItems = `
  <ItemGroup>
    <PackageReference Include="Microsoft.AspNetCore.OpenApi" Version="9.0.8" />
  </ItemGroup>
`;

const testItems = `
  <ItemGroup>
    <PackageReference Include="coverlet.collector" Version="6.0.2" />
    <PackageReference Include="Microsoft.NET.Test.Sdk" Version="17.12.0" />
    <PackageReference Include="xunit" Version="2.9.2" />
    <PackageReference Include="xunit.runner.visualstudio" Version="2.8.2" />
  </ItemGroup>
  <ItemGroup>
    <ProjectReference Include="..\\..\\src\\Bakery.Api\\Bakery.Api.csproj" />
  </ItemGroup>
`;

const solution = `
Microsoft Visual Studio Solution File, Format Version 12.00
# Visual Studio Version 17
Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "Bakery.Api", "src\\Bakery.Api\\Bakery.Api.csproj", "{4E6A3C34-4C77-4D1E-9C54-8F5F0D1A0B01}"
EndProject
Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "Bakery.Api.Tests", "tests\\Bakery.Api.Tests\\Bakery.Api.Tests.csproj", "{4E6A3C34-4C77-4D1E-9C54-8F5F0D1A0B02}"
EndProject
Global
EndGlobal
`;

export const dotnetModules: CorpusModule[] = [
  {
    name: "bakery-web",
    origin: {
      registry: "none",
      like: "dotnet new web",
      files: {
        "bakery-web.csproj": project("Microsoft.NET.Sdk.Web", usual),
        "Program.cs": webProgram,
        "Properties/launchSettings.json": launchSettings(5123),
        "appsettings.json": appsettings,
        "appsettings.Development.json": appsettings,
      },
    },
    recognised: {
      id: "bakery-web",
      version: "0.0.0",
      stack: "dotnet 9.0, dotnet, not locked",
      framework: "aspnetcore",
      build: "dotnet publish bakery-web.csproj -c Release -o out --no-restore",
      start: "dotnet out/bakery-web.dll",
      port: "ASPNETCORE_HTTP_PORTS 5123",
    },
    notBuilt: noSdk,
  },
  {
    name: "bakery-api",
    origin: {
      registry: "none",
      like: "dotnet new sln, webapi and xunit",
      files: {
        "Bakery.sln": solution,
        "src/Bakery.Api/Bakery.Api.csproj": project("Microsoft.NET.Sdk.Web", usual, apiItems),
        "src/Bakery.Api/Program.cs": webProgram,
        "src/Bakery.Api/Properties/launchSettings.json": launchSettings(5081),
        "src/Bakery.Api/appsettings.json": appsettings,
        "tests/Bakery.Api.Tests/Bakery.Api.Tests.csproj": project("Microsoft.NET.Sdk", usual, testItems),
        "tests/Bakery.Api.Tests/UnitTest1.cs":
          "namespace Bakery.Api.Tests;\n\npublic class UnitTest1\n{\n    [Fact]\n    public void Test1()\n    {\n    }\n}\n",
      },
    },
    recognised: {
      id: "bakery-api",
      version: "0.0.0",
      stack: "dotnet 9.0, dotnet, not locked",
      framework: "aspnetcore",
      build: "dotnet publish src/Bakery.Api/Bakery.Api.csproj -c Release -o out --no-restore",
      test: "dotnet test Bakery.sln -c Release --no-restore --collect XPlat Code Coverage",
      start: "dotnet out/Bakery.Api.dll",
      port: "ASPNETCORE_HTTP_PORTS 5081",
    },
    notBuilt: noSdk,
  },
  {
    name: "bakery-worker",
    origin: {
      registry: "none",
      like: "dotnet new worker",
      files: {
        "bakery-worker.csproj": project(
          "Microsoft.NET.Sdk.Worker",
          `${usual}    <UserSecretsId>dotnet-bakery-worker</UserSecretsId>\n`,
          '\n  <ItemGroup>\n    <PackageReference Include="Microsoft.Extensions.Hosting" Version="9.0.8" />\n  </ItemGroup>\n',
        ),
        "Program.cs": "var builder = Host.CreateApplicationBuilder(args);\nbuilder.Build().Run();\n",
        "appsettings.json": appsettings,
      },
    },
    recognised: {
      id: "bakery-worker",
      version: "0.0.0",
      stack: "dotnet 9.0, dotnet, not locked",
      build: "dotnet publish bakery-worker.csproj -c Release -o out --no-restore",
      start: "dotnet out/bakery-worker.dll",
    },
    notBuilt: noSdk,
  },
  {
    name: "bakery-library",
    origin: {
      registry: "none",
      like: "dotnet new classlib",
      files: {
        "bakery-library.csproj": project("Microsoft.NET.Sdk", usual),
        "Class1.cs": "namespace bakery_library;\n\npublic class Class1\n{\n\n}\n",
      },
    },
    refused: {
      code: "ModuleInvalid",
      says: "no project is a program",
      rightly: "a library: nothing in it runs",
    },
  },
];
