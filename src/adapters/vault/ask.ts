/** Asks a vault once over HTTP: no redirect, no proxy, a time limit, and no more of the answer than a vault has to say. */
import http from "node:http";
import https from "node:https";
import type { z } from "zod";
import { VaultAway } from "../../domain/vault/vault-away.ts";

export interface Question {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Line {
  /** The vault, in words for people. */
  vault: string;
  timeoutMs: number;
  /** Authorities that are trusted, PEM; absent: those that Node trusts. */
  ca?: string | string[];
  /** What we show of ourselves, PEM. */
  cert?: string;
  key?: string;
}

export interface Answer {
  status: number;
  text: string;
}

const mostBytes = 4 * 1024 * 1024;

/** Rejects with VaultAway where there is no answer, or one that says that it cannot answer now. */
export async function ask(line: Line, question: Question): Promise<Answer> {
  const answer = await send(line, question).catch((error: Error & { code?: string }) => {
    const why = error.name === "TimeoutError" ? `no answer within ${line.timeoutMs} ms` : wordsOf(error);
    throw new VaultAway(line.vault, `cannot be reached: ${why}`);
  });
  const { status } = answer;
  if (status >= 500 || status === 429 || (status >= 300 && status < 400))
    throw new VaultAway(line.vault, `cannot answer now: HTTP ${status}`);
  return answer;
}

/** The JSON of an answer, as the vault's published interface has it. */
export function contentOf<T extends z.ZodType>(line: Line, answer: Answer, schema: T): z.output<T> {
  if (answer.status < 200 || answer.status >= 300) throw refusedBy(line, answer);
  const parsed = schema.safeParse(jsonOf(answer.text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new VaultAway(
    line.vault,
    `answers what is no vault's answer: ${issue?.path.join(".")}: ${issue?.message}`,
  );
}

/** What the answer's text says stays with the vault: it may tell more than its reader should know. */
export function refusedBy({ vault }: Line, { status }: Answer): VaultAway {
  if (status === 401 || status === 403)
    return new VaultAway(vault, `does not let the server in: HTTP ${status}, as where a token has expired`);
  return new VaultAway(vault, `refuses: HTTP ${status}`);
}

async function send(line: Line, { method, url, headers, body }: Question): Promise<Answer> {
  const { ca, cert, key, timeoutMs } = line;
  const { request } = url.startsWith("https:") ? https : http;
  return await new Promise((resolve, reject) => {
    const sent = request(url, {
      method,
      headers: {
        accept: "application/json",
        "user-agent": "connectsoft-delivery",
        ...headers,
        ...(body !== undefined && { "content-length": Buffer.byteLength(body) }),
      },
      signal: AbortSignal.timeout(timeoutMs),
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
    });
    sent.on("error", (error: Error) => reject(error.cause instanceof Error ? error.cause : error));
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("error", reject);
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > mostBytes) response.destroy(new Error("more than 4 MiB"));
      });
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") });
      });
    });
    sent.end(body);
  });
}

function wordsOf({ message, code }: Error & { code?: string }): string {
  return message === "" ? (code ?? "no connection") : message;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
