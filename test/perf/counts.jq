# Calls and errors (restarts among them) of a JSON log: jq -n -r -f counts.jq FILE
reduce inputs as $record ({};
  ($record.msg | capture("^strace\\.go:\\d+\\] \\[[ \\d:()]+\\] .{0,15}? X (?<name>[a-z0-9_]+)\\(.*\\) = (?<end>.*)$")? // null) as $call
  | if $call == null then . else
      .[$call.name].calls += 1
      | if $call.end | test("errno=") then .[$call.name].errors += 1 else . end
    end)
| to_entries[] | "\(.key) \(.value.calls) \(.value.errors // 0)"
