import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { buttonClass } from "../../../ui/button.tsx";
import { Time } from "../../../ui/time.tsx";
import { Told } from "../../../ui/told.tsx";
import styles from "./inbox.module.css";

type Confirmation = components["schemas"]["Confirmation"];

/** What one person asked for and a second one has to say as well, or a SecurityReviewer decides. */
export function ConfirmationRow({ confirmation }: { confirmation: Confirmation }) {
  const { t, i18n } = useTranslation();
  const { id, what, by, at, reason, yours, mayConfirm } = confirmation;
  const people = new Intl.ListFormat(i18n.language, { type: "disjunction" }).format(mayConfirm);
  const word = t(yours ? "approvals.inbox.decide" : "approvals.inbox.look");
  return (
    <li className={styles.row} data-mine={yours}>
      <div>
        <h3>
          <Told text={what} />
        </h3>
        <p className={styles.meta}>
          <span>{t("approvals.inbox.askedBy", { by })}</span>
          <Time at={at} />
        </p>
        <p>{reason}</p>
        {!yours && (
          <p className={styles.note}>
            {people === "" ? t("approvals.inbox.nobody") : t("approvals.inbox.mayConfirm", { people })}
          </p>
        )}
      </div>
      <Link
        {...placeOf(confirmation)}
        className={buttonClass}
        data-tone={yours ? "primary" : "plain"}
        aria-label={`${word}: ${id}`}
      >
        {word}
      </Link>
    </li>
  );
}

/** Where it is decided. */
function placeOf({ kind, id }: Confirmation) {
  switch (kind) {
    case "freeze-override":
    case "cve-override":
      return { to: "/approvals/$releaseId", params: { releaseId: id } } as const;
    case "freeze-lift":
      return { to: "/administration/freezes" } as const;
    case "policy":
      return { to: "/administration/policies", search: { tab: "proposals" } } as const;
  }
}
