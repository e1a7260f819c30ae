/** Fields with their label, what they are for, and what is wrong with what stands in them. */
import type { ReactNode } from "react";
import {
  Select as Choice,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Button as Pressable,
  SelectValue,
  Text,
  TextArea,
  TextField as Typed,
} from "react-aria-components";
import styles from "./field.module.css";
import { Icon } from "./icon.tsx";

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: ReactNode;
  error?: string | undefined;
  required?: boolean;
}

interface TextFieldProps extends FieldProps {
  lines?: number;
  type?: "text" | "password" | "search" | "url" | "email" | "number" | "datetime-local";
  autoFocus?: boolean;
  autoComplete?: string;
  name?: string;
  placeholder?: string;
  maxLength?: number;
}

export function TextField({
  label,
  hint,
  error,
  required,
  lines,
  placeholder,
  value,
  type = "text",
  maxLength,
  ...field
}: TextFieldProps) {
  const shown = placeholder === undefined ? {} : { placeholder };
  return (
    <Typed
      {...field}
      {...(maxLength !== undefined && { maxLength })}
      className={styles.field ?? ""}
      value={value}
      type={type === "datetime-local" || type === "number" ? "text" : type}
      isInvalid={error !== undefined}
      isRequired={required ?? false}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      {lines === undefined ? <Input type={type} {...shown} /> : <TextArea rows={lines} {...shown} />}
      {hint !== undefined && <Text slot="description">{hint}</Text>}
      {error !== undefined && <FieldError>{error}</FieldError>}
    </Typed>
  );
}

interface SelectProps extends FieldProps {
  options: readonly { id: string; text: string }[];
}

export function Select({ label, value, onChange, hint, options }: SelectProps) {
  return (
    <Choice className={styles.field ?? ""} value={value} onChange={(key) => onChange(String(key))}>
      <Label>{label}</Label>
      <Pressable className={styles.select ?? ""}>
        <SelectValue />
        <Icon name="chevron-down" />
      </Pressable>
      {hint !== undefined && <Text slot="description">{hint}</Text>}
      <Popover className={styles.options ?? ""}>
        <ListBox items={options}>{({ id, text }) => <ListBoxItem id={id}>{text}</ListBoxItem>}</ListBox>
      </Popover>
    </Choice>
  );
}
