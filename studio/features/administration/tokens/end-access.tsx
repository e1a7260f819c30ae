import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { useRefresh } from "../parts/use-refresh.ts";
import type { SessionLine, Token } from "./access.ts";

export function RevokeToken({ token, onClose }: { token: Token; onClose: () => void }) {
  const { t } = useTranslation();
  const refresh = useRefresh("/tokens", "/sessions");
  const revoke = query.useMutation("delete", "/tokens/{id}", {
    onSuccess: () => {
      refresh();
      onClose();
    },
  });
  return (
    <ChangeDialog
      title={t("administration.tokens.revokeTitle", { label: token.label })}
      intro={t("administration.tokens.revokeText", { person: token.person })}
      button={t("administration.tokens.revoke")}
      tone="danger"
      change={revoke}
      onSubmit={() => revoke.mutate({ params: { path: { id: token.id } } })}
      onClose={onClose}
    />
  );
}

export function EndSession({ session, onClose }: { session: SessionLine; onClose: () => void }) {
  const { t } = useTranslation();
  const refresh = useRefresh("/sessions");
  const end = query.useMutation("delete", "/sessions/{id}", {
    onSuccess: () => {
      refresh();
      onClose();
    },
  });
  return (
    <ChangeDialog
      title={t("administration.tokens.endTitle")}
      intro={t("administration.tokens.endText", { person: session.person })}
      button={t("administration.tokens.end")}
      tone="danger"
      change={end}
      onSubmit={() => end.mutate({ params: { path: { id: session.id } } })}
      onClose={onClose}
    />
  );
}
