-- Every statement planned anew at each call. (Left to itself the server comes to the generic plan after five calls.)
alter function api.post(uuid, int, jsonb) set plan_cache_mode = force_custom_plan;
