/** Names in ARNs. Pure. */

/** The name in a training job's ARN; null for anything else. */
export function trainingJobName(arn: string | null | undefined): string | null {
  return /^arn:[^:]*:sagemaker:[^:]*:[^:]*:training-job\/(.+)$/.exec(arn ?? '')?.[1] ?? null;
}
