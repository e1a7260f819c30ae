/** The text of a flow to be tried: typed, pasted or from a file. The server says what is wrong with it, line by line. */
import { useState } from "react";
import { FileTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { Refused } from "../../../app/layout/refused.tsx";
import { Button } from "../../../ui/button.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { Notice } from "../../../ui/notice.tsx";
import parts from "../parts/parts.module.css";
import { problemsIn, TextEditor } from "../parts/text-editor.tsx";

type Drawn = components["schemas"]["DrawnFlow"];

interface CheckFlowProps {
  flow: { name: string; text: string };
  /** The flow that was checked and is sound; undefined as soon as the text is another one. */
  onChecked: (drawn: Drawn | undefined) => void;
}

export function CheckFlow({ flow, onChecked }: CheckFlowProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(flow.text);
  const [file, setFile] = useState(`${flow.name}.yaml`);
  const validate = query.useMutation("post", "/flows/validate");
  const problems = problemsIn(validate.error);
  const change = (next: string, name = file) => {
    setText(next);
    setFile(name);
    validate.reset();
    onChecked(undefined);
  };
  const check = (body: { text: string; file: string }) => validate.mutate({ body }, { onSuccess: onChecked });
  const take = async (files: FileList | null) => {
    const chosen = files?.[0];
    if (chosen === undefined) return;
    const body = { text: await chosen.text(), file: chosen.name };
    change(body.text, body.file);
    check(body);
  };
  return (
    <form
      className={parts.form}
      onSubmit={(event) => {
        event.preventDefault();
        check({ text, file });
      }}
    >
      <TextEditor
        label={file}
        hint={t("administration.flows.hint")}
        value={text}
        onChange={change}
        problems={problems}
        lines={24}
      />
      {problems.length === 0 && <Refused error={validate.error} />}
      {validate.data !== undefined && (
        <Notice tone="good" title={t("administration.flows.valid", { name: validate.data.name })} live>
          <code>{validate.data.digest}</code>
        </Notice>
      )}
      <div className={parts.inline}>
        <Button type="submit" tone="primary" disabled={validate.isPending}>
          {t("administration.flows.validate")}
        </Button>
        <FileTrigger acceptedFileTypes={[".yaml", ".yml"]} onSelect={(files) => void take(files)}>
          <Button>
            <Icon name="file-text" />
            {t("administration.flows.choose")}
          </Button>
        </FileTrigger>
        <Button disabled={text === flow.text} onPress={() => change(flow.text, `${flow.name}.yaml`)}>
          {t("administration.flows.reset")}
        </Button>
      </div>
    </form>
  );
}
