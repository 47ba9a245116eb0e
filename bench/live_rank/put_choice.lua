-- Every request is a change of choice by another candidate, under a key of its own.
local tokens, turn, thread = {}, 0, 0
for line in io.lines(os.getenv("TOKENS")) do tokens[#tokens + 1] = "Bearer " .. line end
local units = tonumber(os.getenv("UNITS"))
local run = os.getenv("RUN")
setup = function(one) one:set("number", thread); thread = thread + 1 end
request = function()
  turn = turn + 1
  local unit = string.format('{"unit":"general-1/U%04d"}', (turn * 31) % units + 1)
  return wrk.format("PUT", "/api/exam/choices/general", {
    ["Authorization"] = tokens[(turn * 7919) % #tokens + 1],
    ["Content-Type"] = "application/json",
    ["Idempotency-Key"] = run .. "-" .. number .. "-" .. turn .. "-key",
  }, unit)
end
