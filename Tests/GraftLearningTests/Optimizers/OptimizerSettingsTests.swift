import Foundation
import GraftLearning
import Testing

@Suite struct OptimizerSettingsTests {
  @Test func `words give optimizers with their settings`() throws {
    #expect(
      try OptimizerSettings(parsing: "sgd:momentum=0.8,nesterov").optimizer as? SGD
        == SGD(momentum: 0.8, nesterov: true))
    #expect(
      try OptimizerSettings(parsing: "rmsprop:alpha=0.9,centered=false,momentum=0.5,epsilon=1e-7").optimizer as? RMSprop
        == RMSprop(alpha: 0.9, epsilon: 1e-7, momentum: 0.5))
    #expect(try OptimizerSettings(parsing: "AdamW:Beta2=0.95").optimizer as? AdamW == AdamW(beta2: 0.95))
    #expect(
      try OptimizerSettings(parsing: "nadam:decoupled,momentum-decay=0").optimizer as? NAdam
        == NAdam(momentumDecay: 0, decoupled: true))
    #expect(try OptimizerSettings(parsing: "lars:trust=0.01").optimizer as? LARS == LARS(trust: 0.01))
  }

  @Test(arguments: OptimizerKind.allCases)
  func `a name alone is a kind with its defaults`(kind: OptimizerKind) throws {
    let settings = try OptimizerSettings(parsing: kind.rawValue)
    #expect(settings == OptimizerSettings(kind))
    #expect(settings.description == kind.rawValue)
    #expect(String(describing: settings.optimizer) == String(describing: kind.optimizer))
  }

  @Test(arguments: [
    "sgd:momentum=0.9,nesterov", "sgd:momentum=0,nesterov=false", "rmsprop:momentum=0.5,alpha=0.9,centered",
    "adagrad:epsilon=1e-07", "adam:beta1=0.8,beta2=0.95", "nadam:epsilon=0.5,momentum-decay=0.004,decoupled",
    "lion:beta1=0.95", "lars:momentum=0.8,trust=0.001",
  ])
  func `words and JSON say the same again`(text: String) throws {
    let settings = try OptimizerSettings(parsing: text)
    #expect(settings.description == text)
    let json = try JSONEncoder().encode(settings)
    #expect(try JSONDecoder().decode(OptimizerSettings.self, from: json) == settings)
  }

  @Test func `JSON has the names that people write`() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = try encoder.encode(OptimizerSettings(parsing: "nadam:beta1=0.5,momentum-decay=0.25,decoupled"))
    #expect(
      String(decoding: json, as: UTF8.self)
        == #"{"beta1":0.5,"decoupled":true,"kind":"nadam","momentum-decay":0.25}"#)
  }

  @Test(arguments: [
    (
      "sdg",
      "“sdg” is no known optimizer; known are sgd, rmsprop, adagrad, adam, adamw, nadam, lion, lamb, lars"
    ),
    ("sgd:beta1=0.9", "sgd has no setting “beta1”; it has momentum, nesterov"),
    ("sgd:momentum=1", "sgd's setting “momentum” is 1; write a number of at least 0 and below 1"),
    ("sgd:momentum=fast", "sgd's setting “momentum” is “fast”; write a number of at least 0 and below 1"),
    ("sgd:momentum", "sgd's setting “momentum” is given no value; write a number of at least 0 and below 1"),
    ("sgd:momentum=nan", "sgd's setting “momentum” is nan; write a number of at least 0 and below 1"),
    ("sgd:nesterov=maybe", "sgd's setting “nesterov” is “maybe”; write “nesterov” alone, or leave it out"),
    ("sgd:momentum=0.9,momentum=0.8", "sgd is given the setting “momentum” twice; leave one of them out"),
    ("adam:", "adam has no setting “”; it has beta1, beta2, epsilon"),
    ("adam:epsilon=0", "adam's setting “epsilon” is 0; write a number above 0"),
    ("adam:epsilon=inf", "adam's setting “epsilon” is inf; write a number above 0"),
  ])
  func `what makes no sense is said in words`(text: String, message: String) {
    let error = #expect(throws: SettingsError.self) { try OptimizerSettings(parsing: text) }
    #expect(error?.description == message)
  }

  @Test(arguments: [
    (#"{"kind": "sgd", "momentun": 0.9}"#, "sgd has no setting “momentun”; it has momentum, nesterov"),
    (#"{"kind": "adam", "beta1": 1.5}"#, "adam's setting “beta1” is 1.5; write a number of at least 0 and below 1"),
    (
      #"{"kind": "adamx"}"#,
      "“adamx” is no known optimizer; known are sgd, rmsprop, adagrad, adam, adamw, nadam, lion, lamb, lars"
    ),
  ])
  func `JSON that makes no sense is refused in the same words`(json: String, message: String) {
    let error = #expect(throws: SettingsError.self) {
      try JSONDecoder().decode(OptimizerSettings.self, from: Data(json.utf8))
    }
    #expect(error?.description == message)
  }

  @Test func `settings made in code can be checked too`() throws {
    var settings = OptimizerSettings(.adam)
    try settings.validate()
    settings.momentum = 0.9
    #expect(throws: SettingsError.self) { try settings.validate() }
  }

  @Test func `a cycle changes what a kind has of momentum, and never its state`() {
    for kind in OptimizerKind.allCases {
      let settings = OptimizerSettings(kind)
      let cycled = settings.cycling(momentum: 0.5)
      #expect(cycled.optimizer.stateNames == settings.optimizer.stateNames)
    }
    var plain = OptimizerSettings(.sgd)
    plain.momentum = 0
    #expect(plain.cycling(momentum: 0.5) == plain)
    #expect(OptimizerSettings(.sgd).cycling(momentum: 0.5).momentum == 0.5)
    #expect(OptimizerSettings(.adamw).cycling(momentum: 0.5).beta1 == 0.5)
    #expect(OptimizerSettings(.adagrad).cycling(momentum: 0.5) == OptimizerSettings(.adagrad))
  }
}
