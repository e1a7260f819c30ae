/** Who may call with what: access tokens of people and services, and the browsers that are signed in. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { useRight } from "../../../app/api/use-right.ts";
import { ActionButton, Button } from "../../../ui/button.tsx";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { Empty, PageHead, Panel } from "../../../ui/panel.tsx";
import parts from "../parts/parts.module.css";
import type { SessionLine, Token } from "./access.ts";
import { EndSession, RevokeToken } from "./end-access.tsx";
import { NewToken } from "./new-token.tsx";
import { SessionTable } from "./session-table.tsx";
import { TokenTable } from "./token-table.tsx";

type Open =
  | { kind: "new" }
  | { kind: "revoke"; token: Token }
  | { kind: "end"; session: SessionLine }
  | undefined;

export function Tokens() {
  const { t } = useTranslation();
  const may = useRight("token");
  const { all: wanted } = useSearch({ strict: false }) as { all?: boolean };
  const navigate = useNavigate();
  const [open, setOpen] = useState<Open>();
  const all = wanted === true && may.allowed;
  const close = () => setOpen(undefined);
  return (
    <>
      <PageHead
        title={t("administration.tokens.title")}
        actions={
          <Button tone="primary" onPress={() => setOpen({ kind: "new" })}>
            {t("administration.tokens.new")}
          </Button>
        }
      />
      <div className={parts.stack}>
        <div className={parts.inline}>
          {may.allowed ? (
            <Checkbox
              checked={all}
              onChange={(all) => void navigate({ to: "/administration/tokens", search: all ? { all } : {} })}
            >
              {t("administration.tokens.everybody")}
            </Checkbox>
          ) : (
            <ActionButton allowed={false} why={may.why} size="small">
              {t("administration.tokens.everybody")}
            </ActionButton>
          )}
        </div>
        <Access all={all} onOpen={setOpen} />
      </div>
      {open?.kind === "new" && <NewToken onClose={close} />}
      {open?.kind === "revoke" && <RevokeToken token={open.token} onClose={close} />}
      {open?.kind === "end" && <EndSession session={open.session} onClose={close} />}
    </>
  );
}

function Access({ all, onOpen }: { all: boolean; onOpen: (open: Open) => void }) {
  const { t } = useTranslation();
  const asked = { params: { query: all ? { all: true } : {} } };
  const { data: tokens } = query.useSuspenseQuery("get", "/tokens", asked);
  const { data: sessions } = query.useSuspenseQuery("get", "/sessions", asked);
  return (
    <div>
      <Panel title={t("administration.tokens.tokens")}>
        {tokens.length === 0 ? (
          <Empty icon="key-round" title={t("administration.tokens.none")} />
        ) : (
          <TokenTable tokens={tokens} onRevoke={(token) => onOpen({ kind: "revoke", token })} />
        )}
      </Panel>
      <Panel title={t("administration.tokens.sessions")}>
        <SessionTable sessions={sessions} onEnd={(session) => onOpen({ kind: "end", session })} />
      </Panel>
    </div>
  );
}
