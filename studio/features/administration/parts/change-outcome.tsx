/** What became of a change of the declaration: it holds, or a second person has to confirm it. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { Notice } from "../../../ui/notice.tsx";
import { Time } from "../../../ui/time.tsx";
import parts from "./parts.module.css";

type Outcome = components["schemas"]["Applied"] | components["schemas"]["Proposed"];

export function ChangeOutcome({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation();
  const changes = (
    <ul className={parts.lines}>
      {outcome.changes.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
  if ("version" in outcome)
    return (
      <Notice
        tone="good"
        title={t("administration.change.holds", { version: outcome.version, how: outcome.how })}
        live
      >
        {changes}
      </Notice>
    );
  return (
    <Notice
      tone="info"
      title={t("administration.change.proposed", {
        proposal: outcome.proposal,
        who: outcome.mayConfirm.join(", "),
      })}
      live
    >
      {changes}
      <p>
        {t("administration.change.expires")} <Time at={outcome.expires} form="exact" />
      </p>
      <Link to="/administration/policies" search={{ tab: "proposals" }}>
        {t("administration.change.seeProposals")}
      </Link>
    </Notice>
  );
}
