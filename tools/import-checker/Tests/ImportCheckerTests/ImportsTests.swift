import ImportChecker
import Testing

@Suite struct ImportsTests {
  @Test(arguments: [
    "import A",
    "  import A  // why",
    "@testable import A",
    "@_exported import A",
    "@_exported public import A",
    "@_spi(Testing) @preconcurrency internal import A",
    "import struct A.B",
    "public import func A.b",
    "import A.Submodule",
    "import `A`",
    "let x = 1; import A",
    "#if canImport(B)\nimport A\n#endif",
    "/* nested /* comment */ import B */ import A",
    "let text = \"/*\"\nimport A\nlet other = \"*/\"",
    "let text = \"\\(f(\"import B\"))\"\nimport A",
    "let text = #\"a \" quote\"#\nimport A",
    "import A\nimport A",
    "import A\r\n",
  ])
  func `an import is found however it is written`(source: String) {
    #expect(modulesImported(by: source) == ["A"])
  }

  @Test(arguments: [
    "// import A",
    "/*\nimport A\n*/",
    "/* /* */\nimport A */",
    "let text = \"import A\"",
    "let text = \"\"\"\n  import A\n  \"\"\"",
    "let text = #\"\"\"\n  \"\"\"\n  import A\n  \"\"\"#",
    "let text = \"\\\"\"; let other = \"; import A\"",
    "func f(import A: Int) {}",
    "x.import = A",
    "let important = A",
    "#if canImport(A)",
    "",
  ])
  func `what only looks like an import is none`(source: String) {
    #expect(modulesImported(by: source) == [])
  }

  @Test func `modules come in the order of their first mention`() {
    #expect(modulesImported(by: "import B\nimport A\npublic import B\n@testable import C") == ["B", "A", "C"])
  }
}
