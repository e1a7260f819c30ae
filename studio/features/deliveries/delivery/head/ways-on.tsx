/** The acts that the flow would take now: a decision is made at the approval, an environment's at its place, the rest here. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, buttonClass } from "../../../../ui/button.tsx";
import type { Situation } from "../shapes.ts";
import { useSubject } from "../use-delivery.ts";
import styles from "./head.module.css";
import { type Act, StateEvent } from "./state-event.tsx";

const here: readonly Act["event"][] = [
  "StudioCommitRequest",
  "StudioPRAction",
  "RebuildPipelineRequested",
  "ProvisionRequested",
  "DeployRequested",
  "RetryDelayed",
];
const atThePlace = ["RollbackRequested", "HotfixApproved"];

export function WaysOn({ situation }: { situation: Situation }) {
  const { t } = useTranslation();
  const { moduleId } = useSubject();
  const [act, setAct] = useState<Act>();
  const { ways, releaseId, environment, kind, state } = situation;
  const decides = releaseId !== undefined && ways.some(({ event }) => event === "ApprovalGranted");
  const acts = here.filter((event) => ways.some((way) => way.event === event));
  const elsewhere = environment !== undefined && ways.some(({ event }) => atThePlace.includes(event));
  if (kind === "working" || kind === "over") return null;
  return (
    <div className={styles.ways}>
      {decides && (
        <Link to="/approvals/$releaseId" params={{ releaseId }} className={buttonClass} data-tone="primary">
          {t("deliveries.toApproval", { releaseId })}
        </Link>
      )}
      {kind === "stopped" && (
        <Button size="small" onPress={() => setAct({ event: "retry", state, environment })}>
          {t("deliveries.act.retry")}
        </Button>
      )}
      {kind !== "live" &&
        !decides &&
        acts.map((event) => (
          <Button key={event} size="small" onPress={() => setAct({ event, state, environment })}>
            {t(`deliveries.act.${event}`)}
          </Button>
        ))}
      {elsewhere && (
        <Link to="/deployments/$environment/$moduleId" params={{ environment, moduleId }}>
          {t("deliveries.toPlace", { environment })}
        </Link>
      )}
      {act !== undefined && <StateEvent act={act} onClose={() => setAct(undefined)} />}
    </div>
  );
}
