/** The answer of every operation as JSON Schema (2020-12), read from what its `handle` promises. One truth: the types. */
import path from "node:path";
import ts from "typescript";
import { type JsonSchema, SchemaReader } from "./schema-reader.ts";

export interface Answers {
  /** By the operation's name. */
  answers: Record<string, JsonSchema>;
  /** What the answers refer to as `#/components/schemas/<name>`. */
  components: Record<string, JsonSchema>;
}

/** Throws where an answer cannot be told as JSON. */
export function readAnswers(root: string): Answers {
  const program = programOf(root);
  const checker = program.getTypeChecker();
  const reader = new SchemaReader(checker, root);
  const answers = new Map<string, JsonSchema>();
  for (const file of program.getSourceFiles()) {
    if (!isCatalogue(path.relative(root, file.fileName))) continue;
    for (const call of callsOf(file, "operation")) {
      const name = nameOf(call);
      answers.set(name, reader.answer(name, answerOf(checker, call)));
    }
  }
  const sorted = [...answers].sort(([one], [other]) => (one < other ? -1 : 1));
  return reader.finish(Object.fromEntries(sorted));
}

function programOf(root: string): ts.Program {
  const configPath = path.join(root, "tsconfig.json");
  const { config, error } = ts.readConfigFile(configPath, ts.sys.readFile);
  if (error !== undefined) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, "\n"));
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files: ["src/operations/catalogue.ts"] },
    ts.sys,
    root,
  );
  return ts.createProgram([path.join(root, "src/operations/catalogue.ts")], options);
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
