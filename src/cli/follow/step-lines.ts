/** Events as lines of a live report: one for each step that an agent ended, and for what people and verdicts did. */
import type { DeliveryEvent } from "../../domain/event/event.ts";
import { spanText } from "../../domain/time-text.ts";
import type { Cli } from "../cli.ts";
import { clauseLine, factLine, toldLine } from "../fact-line.ts";
import { plainLine } from "../plain-text.ts";

export interface RunningStep {
  invocationId: string;
  agentId: string;
  skillId: string;
  environment: string | undefined;
  startedAt: number;
  /** The newest line that the agent told. */
  line: string;
}

const agentWidth = 24;
const skillWidth = 22;
const timeWidth = 8;
const longest = 200;

export function nameOf(event: DeliveryEvent): string {
  return event.type.slice(event.type.lastIndexOf(".") + 1);
}

/** Makes the line of an event, or undefined where it says nothing that another line does not. */
export function createStepLines(cli: Cli): (event: DeliveryEvent) => string | undefined {
  const waits = new Map<string, unknown>();
  const failed = new Set<string>();
  return (event) => {
    const { data, invocationid = "" } = event;
    // Who waits long looks now and then, and has nothing new to say.
    const isWait = nameOf(event) === "AgentCompleted" && data.outcome === "Delayed";
    if (isWait && waits.get(invocationid) === data.summary) return undefined;
    if (isWait) waits.set(invocationid, data.summary);
    // A rollout that ends with its rollback has done what was asked of it, and did not bring the release.
    const deploys = event.skillid === "DeployRelease";
    if (deploys && nameOf(event) === "RollbackTriggered") failed.add(invocationid);
    if (deploys && nameOf(event) === "AgentCompleted" && failed.has(invocationid))
      return step(cli, cli.colors.red("✗"), event);
    return lineOf(cli, event);
  };
}

function lineOf(cli: Cli, event: DeliveryEvent): string | undefined {
  const { green, red, yellow, cyan, bold } = cli.colors;
  const { data } = event;
  if (data.late === true) return undefined;
  switch (nameOf(event)) {
    case "AgentCompleted":
      return data.outcome === "Delayed" ? step(cli, yellow("…"), event) : step(cli, green("✓"), event);
    case "AgentFailed":
      return step(cli, data.retryAt === undefined ? red("✗") : yellow("↻"), event);
    case "ModuleReady":
      return `${cyan("●")} ${clauseLine(event)}`;
    case "ApprovalRequested":
    case "RollbackCompleted":
      return `${yellow("●")} ${clauseLine(event)}`;
    case "DeploymentCompleted":
      return `${green("●")} ${bold(clauseLine(event))}`;
    case "ApprovalGranted":
      return `${green("●")} ${clauseLine(event)}${quoted(data.comment)}`;
    case "ApprovalRefused":
      return `${red("●")} ${clauseLine(event)}${quoted(data.comment)}`;
    case "ReleaseCommented":
      return `${cyan("●")} ${clauseLine(event)}${quoted(data.comment)}`;
    case "DeploymentFailed":
      // The rollback has told of it, and why.
      return data.recoverable === true ? undefined : `${red("●")} ${toldLine(event)}`;
    case "ReleaseRejected":
    case "ReleaseRevoked":
    case "RollbackFailed":
      return `${red("●")} ${toldLine(event)}`;
    case "ReleaseDelayed":
    case "RollbackTriggered":
    case "RegressionDetected":
    case "DependencyFailed":
    case "DriftDetected":
    case "EscalationRaised":
    case "ApprovalVoided":
    case "FlowMoved":
    case "SponsorChanged":
    case "DeliveryCancelled":
    case "DeliverySuperseded":
      return `${yellow("●")} ${toldLine(event)}`;
    case "RolloutProgressed":
      return `${data.step === "failed" ? yellow("●") : cyan("●")} ${factLine(event)}`;
    case "DriftCorrected":
      return `${green("●")} ${toldLine(event)}`;
    default:
      return undefined;
  }
}

export function runningLine(cli: Cli, running: RunningStep, frame: string): string {
  const { cyan, dim } = cli.colors;
  const time = spanText(Date.now() - running.startedAt).padStart(timeWidth);
  return `${cyan(frame)} ${columns(running.agentId, running.skillId)} ${time}  ${dim(running.line)}`;
}

function step(cli: Cli, mark: string, event: DeliveryEvent): string {
  const { data } = event;
  const time = typeof data.durationMs === "number" ? spanText(data.durationMs) : "";
  const [said = ""] = String(data.summary ?? data.message ?? "").split("\n");
  const words = said.length > longest ? `${said.slice(0, longest - 1)}…` : said;
  const again = typeof data.retryAt === "string" ? cli.colors.dim(" (tried again)") : "";
  const code = typeof data.code === "string" ? `${data.code}: ` : "";
  return `${mark} ${columns(event.agentid ?? "", event.skillid ?? "")} ${time.padStart(timeWidth)}  ${code}${words}${again}`;
}

function columns(agentId: string, skillId: string): string {
  return `${agentId.padEnd(agentWidth)}${skillId.padEnd(skillWidth)}`;
}

function quoted(value: unknown): string {
  return typeof value === "string" && value !== "" ? `: ${plainLine(value)}` : "";
}
