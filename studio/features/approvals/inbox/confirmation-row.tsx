import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { buttonClass } from "../../../ui/button.tsx";
import { Time } from "../../../ui/time.tsx";
import styles from "./inbox.module.css";

type Confirmation = components["schemas"]["Confirmation"];

/** What one person asked for and a second one has to say as well. */
export function ConfirmationRow({ confirmation }: { confirmation: Confirmation }) {
  const { t, i18n } = useTranslation();
  const { kind, id, what, by, at, reason, yours, mayConfirm, command } = confirmation;
  const people = new Intl.ListFormat(i18n.language, { type: "disjunction" }).format(mayConfirm);
  return (
    <li className={styles.row} data-mine={yours}>
      <div>
        <h3>{what}</h3>
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
        {kind !== "freeze-override" && (
          <p className={styles.note}>{t("approvals.inbox.byHand", { command })}</p>
        )}
      </div>
      {kind === "freeze-override" && (
        <Link
          to="/approvals/$releaseId"
          params={{ releaseId: id }}
          className={buttonClass}
          data-tone={yours ? "primary" : "plain"}
          aria-label={`${t(yours ? "approvals.inbox.decide" : "approvals.inbox.look")}: ${id}`}
        >
          {t(yours ? "approvals.inbox.decide" : "approvals.inbox.look")}
        </Link>
      )}
    </li>
  );
}
