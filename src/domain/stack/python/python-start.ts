/**
 * How a Python service starts: what its Procfile says, else the server among its dependencies on the application
 * that its sources make. Always through `python3 -m`, as the programs that pip writes hold the path of the Python
 * that built them.
 */
import { plainWords } from "../../module/command-words.ts";
import type { Command } from "../../module/module-spec.ts";
import type { ModuleFolder } from "../stack.ts";
import { entrySources, importName } from "./python-layout.ts";
import type { PythonProject } from "./python-project.ts";

export interface PythonStart {
  start: Command;
  portVariable: string;
}

/** In the order in which they are looked for; what makes an application object of each. */
const frameworks: { name: string; uses: string; makes?: RegExp; kind?: "asgi" | "wsgi" }[] = [
  { name: "fastapi", uses: "fastapi", makes: application("FastAPI"), kind: "asgi" },
  { name: "litestar", uses: "litestar", makes: application("Litestar"), kind: "asgi" },
  { name: "quart", uses: "quart", makes: application("Quart"), kind: "asgi" },
  { name: "django", uses: "django" },
  { name: "flask", uses: "flask", makes: application("(?:Flask|APIFlask|connexion\\.App)"), kind: "wsgi" },
  { name: "sanic", uses: "sanic" },
  { name: "starlette", uses: "starlette", makes: application("Starlette"), kind: "asgi" },
  { name: "falcon", uses: "falcon", makes: application("(?:falcon\\.)?App"), kind: "wsgi" },
  { name: "bottle", uses: "bottle", makes: application("Bottle"), kind: "wsgi" },
  { name: "aiohttp", uses: "aiohttp" },
  { name: "tornado", uses: "tornado" },
  { name: "grpc", uses: "grpcio" },
];

export function pythonFramework({ uses }: PythonProject): string | undefined {
  return frameworks.find((framework) => uses.has(framework.uses))?.name;
}

export function pythonStart(project: PythonProject, folder: ModuleFolder): PythonStart | undefined {
  return (
    fromProcfile(folder.read("Procfile")) ??
    fromApplication(project, folder) ??
    fromManage(project, folder) ??
    fromScript(project) ??
    fromFile(folder)
  );
}

function application(made: string): RegExp {
  return new RegExp(`^(\\w+)\\s*(?::[^=\\n]+)?=\\s*(?:\\w+\\.)?${made}\\(`, "m");
}

/** Programs that a Procfile names, as modules. */
const modules: Record<string, string> = {
  "waitress-serve": "waitress",
  gunicorn: "gunicorn",
  uvicorn: "uvicorn",
  hypercorn: "hypercorn",
  daphne: "daphne",
  flask: "flask",
};

function fromProcfile(text: string | undefined): PythonStart | undefined {
  const line = /^web:\s*(.+)$/m.exec(text ?? "")?.[1]?.trim();
  if (line === undefined) return undefined;
  const [program = ""] = line.split(/\s/);
  const module = Object.hasOwn(modules, program) ? modules[program] : undefined;
  const command = line.replace(
    /^\S+/,
    module === undefined ? program.replace(/^python$/, "python3") : `python3 -m ${module}`,
  );
  const portVariable = line.includes("PORT") ? "PORT" : portVariableOf(module);
  return { start: plainWords(command) ?? ["sh", "-c", `exec ${command}`], portVariable };
}

/** Gunicorn takes PORT by itself; uvicorn and Flask take every option from variables of their own. */
function portVariableOf(module: string | undefined): string {
  return module === "uvicorn" ? "UVICORN_PORT" : module === "flask" ? "FLASK_RUN_PORT" : "PORT";
}

function fromApplication(project: PythonProject, folder: ModuleFolder): PythonStart | undefined {
  const framework = frameworks.find(({ uses, makes }) => makes !== undefined && project.uses.has(uses));
  if (framework?.makes === undefined) return undefined;
  const sources = entrySources(folder);
  for (const path of sources) {
    const name = framework.makes.exec(folder.read(path) ?? "")?.[1];
    if (name !== undefined) return serve(`${importName(path, folder)}:${name}`, framework, project);
  }
  for (const path of sources)
    if (/^def create_app\(/m.test(folder.read(path) ?? ""))
      return serve(`${importName(path, folder)}:create_app`, { ...framework, factory: true }, project);
  return undefined;
}

function serve(
  target: string,
  { name, kind, factory = false }: { name: string; kind?: "asgi" | "wsgi"; factory?: boolean },
  { uses }: PythonProject,
): PythonStart | undefined {
  if (kind === "asgi" && uses.has("uvicorn")) return uvicorn(target, factory);
  if (kind === "asgi" && uses.has("hypercorn"))
    return shell(
      `python3 -m hypercorn --bind "0.0.0.0:\${PORT:-8000}" ${factory ? `'${target}()'` : target}`,
    );
  if (kind === "wsgi" && uses.has("gunicorn")) return gunicorn(factory ? `${target}()` : target);
  if (kind === "wsgi" && uses.has("waitress"))
    return shell(`python3 -m waitress --port="\${PORT:-8080}" ${factory ? "--call " : ""}${target}`);
  if (name !== "flask") return undefined;
  const start = ["python3", "-m", "flask", "--app", target, "run", "--host", "0.0.0.0"];
  return { start, portVariable: "FLASK_RUN_PORT" };
}

function uvicorn(target: string, factory = false): PythonStart {
  const start = ["python3", "-m", "uvicorn", target, ...(factory ? ["--factory"] : []), "--host", "0.0.0.0"];
  return { start, portVariable: "UVICORN_PORT" };
}

/** It binds to 0.0.0.0 and PORT by itself where PORT is set. */
function gunicorn(target: string): PythonStart {
  return { start: ["python3", "-m", "gunicorn", target], portVariable: "PORT" };
}

/** For servers that take their port as an argument only. The shell becomes the server, so that signals reach it. */
function shell(line: string): PythonStart {
  return { start: ["sh", "-c", `exec ${line}`], portVariable: "PORT" };
}

/** Django: its server for production where there is one, else the one that it brings. */
function fromManage({ uses }: PythonProject, folder: ModuleFolder): PythonStart | undefined {
  if (!/django/i.test(folder.read("manage.py") ?? "")) return undefined;
  const settings = entrySources(folder);
  const wsgi = settings.find((path) => path.endsWith("/wsgi.py"));
  const asgi = settings.find((path) => path.endsWith("/asgi.py"));
  if (wsgi !== undefined && uses.has("gunicorn")) return gunicorn(`${importName(wsgi, folder)}:application`);
  if (asgi !== undefined && uses.has("uvicorn")) return uvicorn(`${importName(asgi, folder)}:application`);
  if (asgi !== undefined && uses.has("daphne"))
    return shell(`python3 -m daphne -b 0.0.0.0 -p "\${PORT:-8000}" ${importName(asgi, folder)}:application`);
  if (wsgi !== undefined && uses.has("waitress"))
    return shell(`python3 -m waitress --port="\${PORT:-8000}" ${importName(wsgi, folder)}:application`);
  return shell(`python3 manage.py runserver --noreload "0.0.0.0:\${PORT:-8000}"`);
}

/** A console script, as the file that pip would write for it says it: the one of the project's name, or the only one. */
function fromScript({ scripts, name }: PythonProject): PythonStart | undefined {
  const targets = [...new Set(Object.values(scripts))];
  const own = name !== undefined && Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  const target = own ?? (targets.length === 1 ? targets[0] : undefined);
  const [, module, called] = /^([\w.]+):([\w.]+)/.exec(target ?? "") ?? [];
  if (module === undefined || called === undefined) return undefined;
  const [first = called] = called.split(".");
  return {
    start: ["python3", "-c", `import sys; from ${module} import ${first}; sys.exit(${called}())`],
    portVariable: "PORT",
  };
}

function fromFile(folder: ModuleFolder): PythonStart | undefined {
  const files = [
    "main.py",
    "app.py",
    "server.py",
    "run.py",
    "src/main.py",
    "src/app.py",
    "src/server.py",
    "__main__.py",
  ];
  const file = files.find((path) => folder.paths.has(path));
  if (file !== undefined) return { start: ["python3", file], portVariable: "PORT" };
  const packages = entrySources(folder).filter((path) => /^(src\/)?\w+\/__main__\.py$/.test(path));
  const [only, other] = packages;
  if (only === undefined || other !== undefined) return undefined;
  return {
    start: ["python3", "-m", importName(only, folder).replace(/\.__main__$/, "")],
    portVariable: "PORT",
  };
}
