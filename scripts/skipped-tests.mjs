// A reporter for Vitest: prints why each skipped test was skipped, and fails where a test does not say.
export default class SkippedTests {
  onTestCaseResult(test) {
    const { state, note } = test.result();
    if (state !== 'skipped') return;
    const name = `${test.module.relativeModuleId} > ${test.fullName}`;
    console.log(
      `skipped: ${name}: ${note ?? "no reason; use skip('the reason') of the test context"}`,
    );
    if (!note) process.exitCode = 1;
  }
}
