/** Keys, kinds and types of one stage, job or step. */
import type { Shape } from "./azure-keys.ts";
import type { AzurePath, AzureReport } from "./azure-report.ts";

export function checkShape(
  value: object,
  path: AzurePath,
  { shape, report }: { shape: Shape; report: AzureReport },
): void {
  const entries = Object.entries(value);
  const { label, keys, kinds = [] } = shape;
  for (const [key] of entries)
    if (![...keys, ...kinds].includes(key) && !key.startsWith("$".concat("{{")))
      report.add("key", [...path, key], {
        message: `${key} is no key of ${label}`,
        suggestion: `Remove it, or use one of: ${[...kinds, ...keys].join(", ")}.`,
      });
  const chosen = entries.filter(([key]) => kinds.includes(key)).map(([key]) => key);
  if (kinds.length > 0 && chosen.length !== 1)
    report.add("kind", path, {
      message: chosen.length === 0 ? `${label} of no kind` : `${label} is ${chosen.join(" and ")} at once`,
      suggestion: `Give it exactly one of: ${kinds.join(", ")}.`,
    });
  for (const [key, inner] of entries) checkType([...path, key], inner, { shape, report });
}

function checkType(
  path: AzurePath,
  value: unknown,
  { shape: { numbers = [], booleans = [] }, report }: { shape: Shape; report: AzureReport },
): void {
  const key = String(path.at(-1));
  const isExpression = typeof value === "string" && value.startsWith("$");
  if (numbers.includes(key) && !isExpression && !/^\d+$/.test(String(value)))
    report.add("type", path, { message: `${key} is no whole number`, suggestion: `Write ${key}: 10, say.` });
  if (booleans.includes(key) && !isExpression && !/^(true|false)$/i.test(String(value)))
    report.add("type", path, {
      message: `${key} is neither true nor false`,
      suggestion: "Write true or false.",
    });
  if (key === "task" && !/^[A-Za-z][\w.-]*@\d+$/.test(String(value)))
    report.add("task", path, {
      message: `${String(value)} names no task and version`,
      suggestion: "Name the task with its major version: Cache@2.",
    });
  if (["stage", "job", "deployment"].includes(key) && !/^[A-Za-z_]\w*$/.test(String(value)))
    report.add("name", path, {
      message: `${String(value)} is no name`,
      suggestion: "Use letters, digits and underscores; displayName may hold anything.",
    });
  if (["steps", "jobs", "stages"].includes(key) && !Array.isArray(value))
    report.add("type", path, {
      message: `${key} is no list`,
      suggestion: `Write ${key} as a list of items.`,
    });
}
