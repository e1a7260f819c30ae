/** The answer of every operation as JSON Schema (2020-12), read from what its `handle` promises. One truth: the types. */
import path from "node:path";
import ts from "typescript";
import type { Answers } from "../../src/http/openapi/document.ts";
import type { JsonSchema } from "../../src/http/openapi/json-schema.ts";
import { docsOf, SchemaReader } from "./schema-reader.ts";

const catalogueFile = "src/operations/catalogue.ts";
const sessionFile = "src/http/openapi/session-paths.ts";
const streamsFile = "src/http/openapi/event-streams.ts";

/** Throws where an answer cannot be told as JSON. */
export function readAnswers(root: string): Answers {
  const program = programOf(root);
  const checker = program.getTypeChecker();
  const reader = new SchemaReader(checker, root);
  const answers: Record<string, JsonSchema> = {};
  for (const file of program.getSourceFiles()) {
    if (!isCatalogue(path.relative(root, file.fileName))) continue;
    for (const call of callsOf(file, "operation"))
      answers[nameOf(call)] = reader.answer(nameOf(call), answerOf(checker, call));
  }
  for (const { name, type } of propertiesOf(program, path.join(root, sessionFile), "SessionAnswers"))
    answers[name] = reader.answer(name, type);
  const streams: Record<string, JsonSchema> = {};
  for (const { name, type, docs } of propertiesOf(program, path.join(root, streamsFile), "EventStreams"))
    streams[name] = { ...reader.answer(name, type), description: docs };
  return reader.finish({ answers, streams });
}

function programOf(root: string): ts.Program {
  const configPath = path.join(root, "tsconfig.json");
  const { config, error } = ts.readConfigFile(configPath, ts.sys.readFile);
  if (error !== undefined) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, "\n"));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return ts.createProgram(
    [catalogueFile, sessionFile, streamsFile].map((file) => path.join(root, file)),
    options,
  );
}

function isCatalogue(file: string): boolean {
  return /^src\/operations\/(.+\/)?[\w-]*catalogue\.ts$/.test(file);
}

function callsOf(file: ts.SourceFile, callee: string): ts.CallExpression[] {
  const found: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === callee)
      found.push(node);
    else ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function nameOf(call: ts.CallExpression): string {
  const [definition] = call.arguments;
  if (definition !== undefined && ts.isObjectLiteralExpression(definition))
    for (const property of definition.properties)
      if (
        ts.isPropertyAssignment(property) &&
        property.name.getText() === "name" &&
        ts.isStringLiteral(property.initializer)
      )
        return property.initializer.text;
  throw new Error(`${call.getSourceFile().fileName}: an operation needs its name as a literal.`);
}

/** `operation()` gives an `Operation<Answer>`, whose `run` promises the answer. */
function answerOf(checker: ts.TypeChecker, call: ts.CallExpression): ts.Type {
  const run = checker.getTypeAtLocation(call).getProperty("run");
  const signature = run && checker.getTypeOfSymbol(run).getCallSignatures()[0];
  const answer = signature && checker.getAwaitedType(signature.getReturnType());
  if (answer === undefined) throw new Error(`${nameOf(call)}: what it answers could not be read.`);
  return answer;
}

function propertiesOf(program: ts.Program, file: string, name: string) {
  const checker = program.getTypeChecker();
  const declared = program
    .getSourceFile(file)
    ?.statements.find((statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name);
  if (declared === undefined) throw new Error(`${file}: expected the interface ${name}.`);
  return checker.getPropertiesOfType(checker.getTypeAtLocation(declared)).map((symbol) => ({
    name: symbol.name,
    type: checker.getTypeOfSymbol(symbol),
    docs: docsOf(checker, symbol),
  }));
}
