/** What moves it on from here, as the server offers it: a decision is made at the approval, an environment's at its place, the rest here. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ActionButton, buttonClass } from "../../../../ui/button.tsx";
import type { Situation } from "../shapes.ts";
import { useActs, useSubject } from "../use-delivery.ts";
import styles from "./head.module.css";
import { type Act, StateEvent } from "./state-event.tsx";

const atThePlace = ["RollbackRequested", "HotfixApproved"];

export function WaysOn({ situation }: { situation: Situation }) {
  const { t } = useTranslation();
  const { moduleId } = useSubject();
  const [act, setAct] = useState<Act>();
  const { ways, releaseId, environment, kind, state, instance } = situation;
  const acts = useActs().filter((one) => one.instance === instance && one.state === state);
  const vote = ways.find(({ event }) => event === "ApprovalGranted");
  const mayVote = vote !== undefined && vote.closed === undefined;
  // What holds a release is let pass where it is decided on.
  const isDecided = vote !== undefined || kind === "held";
  const elsewhere = environment !== undefined && ways.some(({ event }) => atThePlace.includes(event));
  const isShown = kind !== "working" && kind !== "over";
  return (
    <>
      {isShown && (
        <div className={styles.ways}>
          {isDecided && releaseId !== undefined && (
            <Link
              to="/approvals/$releaseId"
              params={{ releaseId }}
              className={buttonClass}
              data-tone={mayVote ? "primary" : "plain"}
            >
              {t(mayVote ? "deliveries.toApproval" : "deliveries.toRelease", { releaseId })}
            </Link>
          )}
          {acts.map(({ act: event, allowed, why, next }) => (
            <ActionButton
              key={event}
              size="small"
              allowed={allowed}
              why={[why, next].filter(Boolean).join(" ")}
              onPress={() => setAct({ event, state, environment })}
            >
              {t(`deliveries.act.${event}`)}
            </ActionButton>
          ))}
          {elsewhere && (
            <Link to="/deployments/$environment/$moduleId" params={{ environment, moduleId }}>
              {t("deliveries.toPlace", { environment })}
            </Link>
          )}
        </div>
      )}
      {/* What was asked for may be under way before its answer is read. */}
      {act !== undefined && <StateEvent act={act} onClose={() => setAct(undefined)} />}
    </>
  );
}
