-- A form that makes a deal, with another title every time.
local n = 0
request = function()
  n = n + 1
  local headers = {
    ["cookie"] = wrk.headers["cookie"],
    ["content-type"] = "application/x-www-form-urlencoded",
    ["sec-fetch-site"] = "same-origin",
  }
  return wrk.format("POST", nil, headers, "title=Deal+" .. n .. "&price=12000&horizon_months=12")
end
