/** The head that most objects of the chart share. */
export function metadata(chart: string): string {
  return `metadata:
  name: {{ include "${chart}.fullname" . }}
  labels:
    {{- include "${chart}.labels" . | nindent 4 }}`;
}
