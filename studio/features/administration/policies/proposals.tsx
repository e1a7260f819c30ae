/** What was proposed and waits for a second person, or was decided. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { useSession } from "../../../app/session/session-gate.tsx";
import { ActionButton } from "../../../ui/button.tsx";
import { Empty, Panel } from "../../../ui/panel.tsx";
import { StateBadge, type Tone } from "../../../ui/state-badge.tsx";
import { Time } from "../../../ui/time.tsx";
import parts from "../parts/parts.module.css";
import { DecideProposal } from "./decide-proposal.tsx";
import type { Proposal } from "./proposal.ts";

type Deciding = { proposal: Proposal; how: "confirm" | "reject" } | undefined;

const tones: Record<Proposal["is"]["state"], Tone> = {
  open: "warn",
  expired: "neutral",
  rejected: "bad",
  confirmed: "good",
};

export function Proposals() {
  const { t } = useTranslation();
  const { data } = query.useSuspenseQuery("get", "/policy/proposals", {}, { meta: { live: "tenant" } });
  const [deciding, setDeciding] = useState<Deciding>();
  if (data.length === 0)
    return (
      <Empty icon="scale" title={t("administration.policies.noProposals")}>
        <p>{t("administration.policies.noProposalsText")}</p>
      </Empty>
    );
  return (
    <>
      {data.map((proposal) => (
        <Shown key={proposal.id} proposal={proposal} onDecide={(how) => setDeciding({ proposal, how })} />
      ))}
      {deciding !== undefined && <DecideProposal {...deciding} onClose={() => setDeciding(undefined)} />}
    </>
  );
}

interface ShownProps {
  proposal: Proposal;
  onDecide: (how: "confirm" | "reject") => void;
}

function Shown({ proposal, onDecide }: ShownProps) {
  const { t } = useTranslation();
  const { person } = useSession();
  const { id, by, at, reason, changes, is, expires, outdated, mayConfirm } = proposal;
  const open = is.state === "open" && !outdated;
  const who = mayConfirm.join(", ");
  const mine = by === person;
  const why = t(mine ? "administration.policies.ownWhy" : "administration.policies.confirmWhy", { who });
  return (
    <Panel
      title={id}
      aside={
        <StateBadge
          word={t(outdated ? "administration.policies.outdated" : `administration.policies.is.${is.state}`)}
          tone={outdated ? "neutral" : tones[is.state]}
        />
      }
    >
      <div className={parts.stack}>
        <p>
          {t("administration.policies.by", { by })} <Time at={at} />: {reason}
        </p>
        <ul className={parts.lines}>
          {changes.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        {"by" in is && (
          <p className={parts.muted}>
            {t(`administration.policies.decided.${is.state}`, { by: is.by })} <Time at={is.at} />
            {is.comment !== "" && `: ${is.comment}`}
          </p>
        )}
        {open && (
          <div className={parts.inline}>
            <ActionButton
              allowed={mayConfirm.includes(person)}
              why={why}
              tone="primary"
              label={t("administration.policies.confirmNamed", { id })}
              onPress={() => onDecide("confirm")}
            >
              {t("administration.policies.confirm")}
            </ActionButton>
            <ActionButton
              allowed={mine || mayConfirm.includes(person)}
              why={why}
              label={t(
                mine ? "administration.policies.takeBackNamed" : "administration.policies.rejectNamed",
                { id },
              )}
              onPress={() => onDecide("reject")}
            >
              {t(mine ? "administration.policies.takeBack" : "administration.policies.reject")}
            </ActionButton>
            <span className={parts.muted}>
              {t("administration.change.expires")} <Time at={expires} />
            </span>
          </div>
        )}
      </div>
    </Panel>
  );
}
