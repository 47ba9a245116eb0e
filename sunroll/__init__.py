"""The console script `sunroll`: one file a command, nothing imported before it is asked for."""
