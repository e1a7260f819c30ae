/** What may be done at a place, each in its place, and closed with the server's reason where it may not. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { ActionButton, Button } from "../../../ui/button.tsx";
import { Panel } from "../../../ui/panel.tsx";
import type { ActTarget } from "./act.ts";
import styles from "./acts.module.css";
import { ApproveHotfix } from "./approve-hotfix.tsx";
import { DelayAttempt } from "./delay-attempt.tsx";
import { FailureDetails } from "./failure-details.tsx";
import { Provision } from "./provision.tsx";
import { whyOf } from "./provision-button.tsx";
import { Retry } from "./retry.tsx";
import { RollBack } from "./roll-back.tsx";
import { Trigger } from "./trigger.tsx";

type Cell = components["schemas"]["MatrixCell"];
type ServerAct = keyof Cell["actions"];

/** `build` is the rebuild of a pipeline whose result goes to the first environment of the path. */
const groups = {
  release: ["deploy", "build", "rollback", "hotfix", "delay", "retry"],
  delivery: ["rebuild", "commit", "pull-request", "provision"],
} as const;
export type ActName = (typeof groups)[keyof typeof groups][number];

const askedAs: Partial<Record<ActName, ServerAct>> = { build: "rebuild", "pull-request": "openPullRequest" };

interface ActBarProps {
  moduleId: string;
  cell: Cell;
  /** What was proposed last, with the version by which people know it. */
  newest: components["schemas"]["ReleaseRecord"] | undefined;
  firstEnvironment: string;
}

export function ActBar({ moduleId, cell, newest, firstEnvironment }: ActBarProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<ActName | "failure">();
  const close = () => setOpen(undefined);
  const target = targetOf(open, { moduleId, cell, newest, firstEnvironment });
  const failed = newest?.releaseId ?? cell.serving?.releaseId;
  return (
    <Panel title={t("deployments.acts.title")}>
      <div className={styles.groups}>
        {Object.entries(groups).map(([group, names]) => (
          <fieldset key={group} className={styles.acts}>
            <legend>{t(`deployments.acts.${group as keyof typeof groups}`)}</legend>
            {names.map((name) => {
              const possibility = cell.actions[askedAs[name] ?? (name as ServerAct)];
              return (
                <ActionButton
                  key={name}
                  size="small"
                  tone={name === "rollback" ? "danger" : "plain"}
                  allowed={possibility.allowed}
                  why={whyOf(possibility)}
                  onPress={() => setOpen(name)}
                >
                  {t(`deployments.acts.${name}.name`, { environment: firstEnvironment })}
                </ActionButton>
              );
            })}
            {group === "release" && failed !== undefined && (
              <Button size="small" onPress={() => setOpen("failure")}>
                {t("deployments.failure.name")}
              </Button>
            )}
          </fieldset>
        ))}
      </div>
      {open === "failure" && failed !== undefined && (
        <FailureDetails of={failed} moduleId={moduleId} onClose={close} />
      )}
      {open === "provision" && <Provision environment={cell.environment} onClose={close} />}
      {target !== undefined && <Opened name={open as ActName} target={target} onClose={close} />}
    </Panel>
  );
}

function Opened({ name, target, onClose }: { name: ActName; target: ActTarget; onClose: () => void }) {
  switch (name) {
    case "rollback":
      return <RollBack target={target} onClose={onClose} />;
    case "hotfix":
      return <ApproveHotfix target={target} onClose={onClose} />;
    case "delay":
      return <DelayAttempt target={target} onClose={onClose} />;
    case "retry":
      return <Retry target={target} onClose={onClose} />;
    case "provision":
      return null;
    default:
      return <Trigger name={name} target={target} onClose={onClose} />;
  }
}

/** A rollback is about what serves; the other acts about what is at hand. */
function targetOf(
  name: ActName | "failure" | undefined,
  { moduleId, cell, newest, firstEnvironment }: ActBarProps,
): ActTarget | undefined {
  const { environment, serving, atHand, coming, previous } = cell;
  if (name === undefined || name === "failure" || name === "provision") return undefined;
  if (name === "rollback")
    return serving && { environment, moduleId, ...serving, ...(previous !== undefined && { previous }) };
  if (atHand === undefined) return undefined;
  const known = [serving, ...coming, newest].find(
    (one) => one?.releaseId === atHand.releaseId && one?.subject.traceId === atHand.subject.traceId,
  );
  return {
    environment: name === "build" ? firstEnvironment : environment,
    moduleId,
    ...atHand,
    version: known?.version,
  };
}
