import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { TextField } from "../../../ui/field.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { ChangeOutcome } from "../parts/change-outcome.tsx";
import parts from "../parts/parts.module.css";
import { declared, useRefresh } from "../parts/use-refresh.ts";
import type { Proposal } from "./proposal.ts";

interface DecideProposalProps {
  proposal: Proposal;
  how: "confirm" | "reject";
  onClose: () => void;
}

export function DecideProposal({ proposal, how, onClose }: DecideProposalProps) {
  const { t } = useTranslation();
  const refresh = useRefresh(...declared);
  const [words, setWords] = useState("");
  const confirm = query.useMutation("post", "/policy/proposals/{proposal}/confirm", { onSuccess: refresh });
  const reject = query.useMutation("post", "/policy/proposals/{proposal}/reject", {
    onSuccess: () => {
      refresh();
      onClose();
    },
  });
  const params = { path: { proposal: proposal.id } };
  const confirms = how === "confirm";
  return (
    <ChangeDialog
      title={t(`administration.policies.${how}Named`, { id: proposal.id })}
      intro={
        <ul className={parts.lines}>
          {proposal.changes.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      }
      button={t(`administration.policies.${how}`)}
      tone={confirms ? "primary" : "danger"}
      change={confirms ? confirm : reject}
      onClose={onClose}
      onSubmit={() =>
        confirms
          ? confirm.mutate({ params, body: { comment: words } })
          : reject.mutate({ params, body: { reason: words } })
      }
      done={confirm.data && <ChangeOutcome outcome={confirm.data} />}
    >
      <TextField
        label={t(confirms ? "administration.comment" : "administration.reason")}
        value={words}
        onChange={setWords}
        lines={2}
        maxLength={2_000}
        required={!confirms}
        autoFocus
      />
    </ChangeDialog>
  );
}
