/** Approves, rejects or asks for changes: shows exactly what is signed, and signs nothing that was not shown. */
import { useTranslation } from "react-i18next";
import { query } from "../../../../app/api/api.ts";
import { problemOf } from "../../../../app/api/problem.ts";
import { TextField } from "../../../../ui/field.tsx";
import { Notice } from "../../../../ui/notice.tsx";
import { Facts } from "../../../../ui/panel.tsx";
import { ChangedMeanwhile } from "../changed-meanwhile.tsx";
import { useDraft } from "../use-draft.ts";
import type { ActProps } from "./act.ts";
import { ActDialog } from "./act-dialog.tsx";
import { Statement } from "./statement.tsx";
import { asWhom, useVoterName, VoterName } from "./voter-name.tsx";

type Verb = "approve" | "reject" | "requestChanges";

export function VoteDialog({ verb, view, seen, readAgain, onClose, onDone }: ActProps & { verb: Verb }) {
  const { t } = useTranslation();
  const { releaseId, subject, version, environment, pending } = view;
  const [comment, setComment] = useDraft(`${verb}.${releaseId}`);
  const vote = useVotes()[verb];
  const asked = pending?.policy.requireJustification === true;
  const required = asked || verb !== "approve";
  const decided = pending === null;
  const inName = useVoterName(view);
  const ready =
    !decided && inName.isRead && seen.changed.length === 0 && (!required || comment.trim() !== "");
  const names = { moduleId: subject.moduleId, version, environment, releaseId };
  const { onBehalfOf } = inName;
  const submit = () =>
    vote.mutate(
      {
        params: { path: { releaseId } },
        body: {
          comment,
          ...(onBehalfOf !== undefined && { onBehalfOf }),
          ...(seen.digests !== null && { digests: seen.digests }),
        },
      },
      {
        onSuccess: ({ note }) => {
          setComment("");
          onDone(note);
        },
        // What was decided meanwhile, or changed, is on the server: the dialog shows it and keeps what was typed.
        onError: () => void readAgain(),
      },
    );
  return (
    <ActDialog
      title={t(`approvals.acts.${verb}.title`, names)}
      button={t(`approvals.acts.${verb}.button`)}
      tone={verb === "approve" ? "primary" : "danger"}
      busy={vote.isPending || vote.isSuccess}
      ready={ready}
      // What changed is told by what is shown below.
      error={problemOf(vote.error).code === "DigestMismatch" ? null : vote.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <ChangedMeanwhile seen={seen} />
      {decided && (
        <Notice tone="warn" title={t("approvals.acts.decidedMeanwhile", { state: view.state.label })} live>
          <p>{view.verdict?.what}</p>
        </Notice>
      )}
      <p>{t(`approvals.acts.${verb}.text`, names)}</p>
      <VoterName of={inName} names={view.names} />
      <Facts
        of={[
          [t("approvals.acts.release"), `${subject.moduleId} ${version} (${releaseId})`],
          [t("approvals.acts.environment"), environment],
          [t("approvals.acts.as"), pending === null ? "" : asWhom(t, pending.you)],
        ]}
      />
      <TextField
        label={t(`approvals.acts.${verb}.comment`)}
        hint={asked ? t("approvals.acts.justification", { environment }) : t("approvals.acts.onRecord")}
        value={comment}
        onChange={setComment}
        lines={3}
        maxLength={2_000}
        required={required}
        autoFocus
      />
      <Statement view={view} verb={verb} comment={comment} digests={seen.digests} />
    </ActDialog>
  );
}

function useVotes() {
  const approve = query.useMutation("post", "/releases/{releaseId}/approve");
  const reject = query.useMutation("post", "/releases/{releaseId}/reject");
  const requestChanges = query.useMutation("post", "/releases/{releaseId}/changes");
  return { approve, reject, requestChanges };
}
