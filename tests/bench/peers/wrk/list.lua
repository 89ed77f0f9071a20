-- Asks for the paths of the URLs in a file, from its start, over and over.
local paths, next_one = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    paths[#paths + 1] = wrk.format("GET", line:match("^%w+://[^/]+(.*)$"))
  end
end

function request()
  next_one = next_one % #paths + 1
  return paths[next_one]
end
