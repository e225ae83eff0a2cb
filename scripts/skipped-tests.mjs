// A reporter for Vitest: prints why tests were skipped. In CI it fails where one does not say, and where a Debian
// package is missing, which .ci/run has to install.
export default class SkippedTests {
  #namesByReason = new Map();

  onTestCaseResult(test) {
    const { state, note } = test.result();
    if (state !== 'skipped') return;
    const reason = note ?? "no reason; use skip('the reason') of the test context";
    const name = `${test.module.relativeModuleId} > ${test.fullName}`;
    this.#namesByReason.set(reason, [...(this.#namesByReason.get(reason) ?? []), name]);
    if (process.env.CI && (!note || note.includes('apt-get install'))) process.exitCode = 1;
  }

  onTestRunEnd() {
    for (const [reason, [name, ...others]] of this.#namesByReason) {
      const more = others.length > 0 ? ` and ${others.length} more` : '';
      console.log(`skipped: ${name}${more}: ${reason}`);
    }
  }
}
