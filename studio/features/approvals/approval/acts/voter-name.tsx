/** In whose name one votes: one's own, or that of somebody who delegated a role; the server says whose, and the address keeps it. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { Select } from "../../../../ui/field.tsx";
import type { ApprovalSearch } from "../approval-search.ts";
import type { ApprovalView } from "../use-approval.ts";

const myself = "";

export function useVoterName({ pending }: ApprovalView) {
  const search = useSearch({ strict: false }) as ApprovalSearch;
  const navigate = useNavigate();
  const onBehalfOf = pending?.you.onBehalfOf;
  return {
    onBehalfOf,
    /** What is shown to be signed is in the name that was chosen. */
    isRead: search.for === undefined || search.for === (onBehalfOf ?? pending?.you.person),
    chosen: search.for === pending?.you.person ? myself : (search.for ?? onBehalfOf ?? myself),
    choose: (name: string) => {
      const { for: _before, ...rest } = search;
      const next = { ...rest, ...(name !== myself && { for: name }) };
      void navigate({ to: ".", search: next, replace: true, resetScroll: false });
    },
  };
}

export function VoterName({
  of: { chosen, choose },
  names,
}: {
  of: ReturnType<typeof useVoterName>;
  names: ApprovalView["names"];
}) {
  const { t } = useTranslation();
  if (names.length < 2) return null;
  return (
    <Select
      label={t("approvals.acts.inName")}
      hint={t("approvals.acts.inNameHint")}
      value={chosen}
      onChange={choose}
      options={names.map(({ onBehalfOf, roles }) => ({
        id: onBehalfOf ?? myself,
        text: withRoles(onBehalfOf ?? t("approvals.acts.myself"), roles),
      }))}
    />
  );
}

/** `max for olga (ProductOwner)` */
export function asWhom(t: TFunction, { person, roles, onBehalfOf }: You): string {
  const whose = onBehalfOf === undefined ? person : t("approvals.acts.for", { person, onBehalfOf });
  return withRoles(whose, roles);
}

type You = NonNullable<ApprovalView["pending"]>["you"];

function withRoles(name: string, roles: readonly string[]): string {
  return roles.length === 0 ? name : `${name} (${roles.join(", ")})`;
}
