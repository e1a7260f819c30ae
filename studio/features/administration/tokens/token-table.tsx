import { useTranslation } from "react-i18next";
import { Button } from "../../../ui/button.tsx";
import { StateBadge } from "../../../ui/state-badge.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import { Time } from "../../../ui/time.tsx";
import parts from "../parts/parts.module.css";
import { Tags } from "../parts/tags.tsx";
import type { Token } from "./access.ts";

export function TokenTable({ tokens, onRevoke }: { tokens: Token[]; onRevoke: (token: Token) => void }) {
  const { t } = useTranslation();
  const columns: Column<Token>[] = [
    {
      title: t("administration.tokens.token"),
      heads: true,
      cell: ({ label, id }) => (
        <>
          {label}
          <br />
          <code className={parts.muted}>{id}</code>
        </>
      ),
    },
    { title: t("administration.tokens.of"), cell: ({ person }) => person },
    {
      title: t("administration.tokens.goodFor"),
      cell: (token) => <Tags of={reachOf(token, t("administration.tokens.asRoles"))} />,
    },
    { title: t("administration.tokens.state"), cell: (token) => <TokenState token={token} /> },
    {
      title: t("administration.tokens.used"),
      cell: ({ lastUsedAt }) =>
        lastUsedAt === undefined ? t("administration.tokens.never") : <Time at={lastUsedAt} />,
    },
    {
      title: t("administration.acts"),
      acts: true,
      cell: (token) =>
        token.state === "good" && (
          <Button
            size="small"
            label={t("administration.tokens.revokeNamed", { label: token.label })}
            onPress={() => onRevoke(token)}
          >
            {t("administration.tokens.revoke")}
          </Button>
        ),
    },
  ];
  return (
    <Table label={t("administration.tokens.tokens")} columns={columns} rows={tokens} keyOf={({ id }) => id} />
  );
}

function reachOf({ scope, environments }: Token, asRoles: string): string[] {
  const words = [...(scope ?? []), ...(environments ?? [])];
  return words.length === 0 ? [asRoles] : words;
}

function TokenState({ token }: { token: Token }) {
  const { t } = useTranslation();
  const { state, expiresAt, revokedAt } = token;
  const at = state === "revoked" ? revokedAt : expiresAt;
  const tone = state === "good" ? "good" : "neutral";
  return (
    <span>
      <StateBadge word={t(`administration.tokens.is.${state}`)} tone={tone} />{" "}
      {at !== undefined && (
        <span className={parts.muted}>
          {state === "good" && t("administration.tokens.ends")} <Time at={at} />
        </span>
      )}
    </span>
  );
}
