"""The exam office's counter: candidates' phones, stored and changed, and their letters on paper; its doors."""
