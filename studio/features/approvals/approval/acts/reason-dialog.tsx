/** Acts that ask for nothing but words: a comment, an escalation, a hotfix. */
import { useTranslation } from "react-i18next";
import { query } from "../../../../app/api/api.ts";
import { TextField } from "../../../../ui/field.tsx";
import { useDraft } from "../use-draft.ts";
import type { ActProps } from "./act.ts";
import { ActDialog } from "./act-dialog.tsx";

type Verb = "comment" | "escalate" | "hotfix";

export function ReasonDialog({ verb, view, onClose, onDone }: ActProps & { verb: Verb }) {
  const { t } = useTranslation();
  const { releaseId, environment } = view;
  const [words, setWords] = useDraft(`${verb}.${releaseId}`);
  const { send, busy, error } = useSend(verb, releaseId);
  const submit = () =>
    send(words.trim(), (note) => {
      setWords("");
      onDone(note);
    });
  return (
    <ActDialog
      title={t(`approvals.acts.${verb}.title`, { releaseId })}
      button={t(`approvals.acts.${verb}.button`)}
      busy={busy}
      ready={words.trim() !== ""}
      error={error}
      onSubmit={submit}
      onClose={onClose}
    >
      <p>{t(`approvals.acts.${verb}.text`, { releaseId, environment })}</p>
      <TextField
        label={t(`approvals.acts.${verb}.comment`)}
        hint={t("approvals.acts.onRecord")}
        value={words}
        onChange={setWords}
        lines={3}
        maxLength={2_000}
        required
        autoFocus
      />
    </ActDialog>
  );
}

function useSend(verb: Verb, releaseId: string) {
  const { t, i18n } = useTranslation();
  const params = { path: { releaseId } };
  const comment = query.useMutation("post", "/releases/{releaseId}/comments");
  const escalate = query.useMutation("post", "/releases/{releaseId}/escalation");
  const hotfix = query.useMutation("post", "/releases/{releaseId}/hotfix");
  const { isPending, isSuccess, error } = { comment, escalate, hotfix }[verb];
  const send = (words: string, done: (note: string) => void) => {
    switch (verb) {
      case "comment":
        return comment.mutate(
          { params, body: { comment: words } },
          { onSuccess: () => done(t("approvals.acts.comment.done")) },
        );
      case "escalate":
        return escalate.mutate(
          { params, body: { reason: words } },
          {
            onSuccess: ({ to }) =>
              done(t("approvals.acts.escalate.done", { to: new Intl.ListFormat(i18n.language).format(to) })),
          },
        );
      case "hotfix":
        return hotfix.mutate(
          { params, body: { comment: words } },
          {
            onSuccess: ({ again }) =>
              done(t(again ? "approvals.acts.hotfix.again" : "approvals.acts.hotfix.done", { releaseId })),
          },
        );
    }
  };
  return { send, busy: isPending || isSuccess, error };
}
