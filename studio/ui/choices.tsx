/** Several of a few: a group of boxes with one name. */
import { Checkbox, CheckboxGroup, FieldError, Label, Text } from "react-aria-components";
import box from "./checkbox.module.css";
import styles from "./choices.module.css";
import { Icon } from "./icon.tsx";

interface ChoicesProps<Id extends string> {
  label: string;
  options: readonly { id: Id; text: string }[];
  chosen: readonly Id[];
  onChange: (chosen: Id[]) => void;
  hint?: string;
  error?: string | undefined;
}

export function Choices<Id extends string>({
  label,
  options,
  chosen,
  onChange,
  hint,
  error,
}: ChoicesProps<Id>) {
  return (
    <CheckboxGroup
      className={styles.choices ?? ""}
      value={[...chosen]}
      onChange={(next) => onChange(next as Id[])}
      isInvalid={error !== undefined}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      <div className={styles.options}>
        {options.map(({ id, text }) => (
          <Checkbox key={id} value={id} className={box.checkbox ?? ""}>
            <span className={box.box}>{chosen.includes(id) && <Icon name="check" />}</span>
            <span>{text}</span>
          </Checkbox>
        ))}
      </div>
      {hint !== undefined && <Text slot="description">{hint}</Text>}
      {error !== undefined && <FieldError>{error}</FieldError>}
    </CheckboxGroup>
  );
}
