/** What the server refused, beside the form that asked for it: what was expected, what helps, and the code to look up. */
import { Notice } from "../../ui/notice.tsx";
import { problemOf } from "../api/problem.ts";

export function Refused({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  const { code, detail, next } = problemOf(error);
  const [first = "", ...lines] = detail.split("\n");
  return (
    <Notice tone="bad" title={first} live>
      {lines.length > 0 && (
        <ul>
          {lines.map((line) => (
            <li key={line}>
              <code>{line}</code>
            </li>
          ))}
        </ul>
      )}
      {next !== undefined && <p>{next}</p>}
      <p>
        <code>{code}</code>
      </p>
    </Notice>
  );
}
