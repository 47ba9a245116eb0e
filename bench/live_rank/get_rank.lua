-- Every request asks for the rank of another candidate, with that candidate's own token.
local tokens = {}
local path = os.getenv("ASKED_PATH") or "/api/exam/standing"
for line in io.lines(os.getenv("TOKENS")) do tokens[#tokens + 1] = "Bearer " .. line end
local turn = 0
request = function()
  turn = turn + 7919
  return wrk.format("GET", path, { ["Authorization"] = tokens[turn % #tokens + 1] })
end
